using System.Net.Security;

namespace Kippu;

/// <summary>
/// What a client sends before the handshake is complete, if a session allows it (0-RTT, RFC 8446 §2.3): with its first flight, so that the server has it a round trip
/// earlier. <see cref="TlsClientOptions.EnableEarlyData"/> must be set too.
/// </summary>
/// <remarks>
/// <para><b>Early data can be replayed.</b> An attacker who has recorded the first flight may send it to the server again, and what guards the server against it may be
/// weak (RFC 8446 §8): send only what may be done twice, such as a GET that changes nothing. It has no forward secrecy either: whoever gets hold of the server's ticket key
/// can read it. The server decides whether it takes it.</para>
/// <para>Immutable. The content must not change while the call that it was given to is under way.</para>
/// </remarks>
public sealed class ClientEarlyData
{
    /// <param name="content">Application data, from the first byte of the connection on.</param>
    /// <param name="fallback">What becomes of what did not reach the server as early data.</param>
    public ClientEarlyData(ReadOnlyMemory<byte> content, EarlyDataFallback fallback)
    {
        if (fallback is not (EarlyDataFallback.SendAfterHandshake or EarlyDataFallback.LeaveToCaller))
        {
            throw new ArgumentOutOfRangeException(nameof(fallback), fallback, "not a value of EarlyDataFallback");
        }

        Content = content;
        Fallback = fallback;
    }

    /// <summary>Application data, from the first byte of the connection on.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>What becomes of what did not reach the server as early data.</summary>
    public EarlyDataFallback Fallback { get; }

    /// <summary>
    /// The application protocol that <see cref="Content"/> is written in (RFC 7301): it is sent early in a session of this protocol only. Null (the default): the client
    /// offers at most one, and it is in that one.
    /// </summary>
    public SslApplicationProtocol? ApplicationProtocol { get; init; }
}
