namespace Kippu.AspNetCore;

/// <summary>
/// A connection that Kippu serves, among the features of its <c>HttpContext</c> and <c>ConnectionContext</c>. Absent where Kestrel's <c>SslStream</c> serves.
/// </summary>
public interface IKippuConnectionFeature
{
    /// <summary>What was negotiated: resumed or not, and how; the key and the age of the ticket, or why one was refused; whether early data was accepted.</summary>
    TlsConnectionInfo Info { get; }

    /// <summary>
    /// False while the client has not answered in this very connection: what it has sent is early data (0-RTT, RFC 8446 §2.3), and may be a replay. Always true where early data was not
    /// accepted.
    /// </summary>
    bool IsHandshakeComplete { get; }
}
