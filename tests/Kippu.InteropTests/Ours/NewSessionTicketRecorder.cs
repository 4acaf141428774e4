using System.Buffers.Binary;

namespace Kippu.InteropTests.Ours;

/// <summary>Keeps the NewSessionTickets that our server sends.</summary>
internal sealed class NewSessionTicketRecorder : IHandshakeObserver
{
    private const int HeaderLength = 4, HintLength = 4, LengthLength = 2;

    private readonly List<SentTicket> _messages = [];

    public IReadOnlyList<SentTicket> Messages
    {
        get
        {
            lock (_messages)
            {
                return [.. _messages];
            }
        }
    }

    public void OnEvent(long connection, in HandshakeEvent e)
    {
        if (e.IsSent && e.Kind == HandshakeEventKind.Handshake && e.Type == HandshakeType.NewSessionTicket)
        {
            var message = e.Message.Span;
            var hint = BinaryPrimitives.ReadUInt32BigEndian(message[HeaderLength..]);
            lock (_messages)
            {
                _messages.Add(new SentTicket(message.Length, hint, message[(HeaderLength + HintLength + LengthLength)..].ToArray()));
            }
        }
    }

    /// <param name="Length">Of the message with its header.</param>
    /// <param name="LifetimeHint">Seconds.</param>
    /// <param name="Ticket">The ticket.</param>
    internal sealed record SentTicket(int Length, uint LifetimeHint, byte[] Ticket);
}
