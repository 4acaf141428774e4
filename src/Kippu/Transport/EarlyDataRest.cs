using System.Net.Security;

namespace Kippu.Transport;

/// <summary>What is left to be sent of a client's early data, once the handshake is complete.</summary>
internal static class EarlyDataRest
{
    /// <summary>The server has taken all that was sent as early data, or none of it (RFC 8446 §4.2.10).</summary>
    public static ReadOnlyMemory<byte> Of(ClientEarlyData data, int sent, TlsConnection connection) => data.Content[(connection.Info.EarlyDataAccepted ? sent : 0)..];

    /// <summary>
    /// RFC 8446 §4.2.10: "A TLS implementation MUST NOT automatically resend early data unless the negotiated connection selects the same ALPN protocol." What the
    /// caller wrote for one protocol is not sent in another one the first time either.
    /// </summary>
    /// <exception cref="TlsException"><see cref="TlsFault.NoApplicationProtocol"/>; the alert is pending.</exception>
    public static void InsistOnProtocol(ClientEarlyData data, int sent, TlsConnection connection)
    {
        var expected = data.ApplicationProtocol ?? (sent > 0 ? connection.EarlyDataProtocol : null);
        var chosen = connection.Info.ApplicationProtocol;
        if (expected is { } protocol && chosen != protocol)
        {
            throw connection.Abort(TlsFault.NoApplicationProtocol, $"what is to be sent is written in {Name(protocol)}, and the server chose {Name(chosen)}");
        }
    }

    private static string Name(SslApplicationProtocol protocol) => protocol.Protocol.IsEmpty ? "no application protocol" : protocol.ToString();
}
