using System.Globalization;
using System.Text;

namespace Kippu.BogoShim;

/// <summary>Every message, as <c>-expect-msg-callback</c> writes it down.</summary>
internal sealed class MessageTrace : IHandshakeObserver
{
    private readonly StringBuilder _text = new();

    public string Text => _text.ToString();

    public void OnEvent(long connection, in HandshakeEvent e)
    {
        var what = e.Kind switch
        {
            HandshakeEventKind.Handshake => string.Create(CultureInfo.InvariantCulture, $"hs {(int)e.Type}"),
            HandshakeEventKind.ChangeCipherSpec => "ccs",
            _ => string.Create(CultureInfo.InvariantCulture, $"alert {(e.IsFatal ? 2 : 1)} {(int)e.Alert}"),
        };
        _text.Append(e.IsSent ? "write " : "read ").Append(what).Append('\n');
    }
}
