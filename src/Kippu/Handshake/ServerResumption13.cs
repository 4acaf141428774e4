using Kippu.Resumption;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>The ticket among the offered pre-shared keys that may be resumed, if there is one; otherwise the reason why the first was refused.</summary>
internal readonly struct ServerResumption13
{
    /// <summary>Each opening costs a decryption, and a client that cannot be resumed by its two newest tickets will not be by its oldest.</summary>
    private const int MostTicketsOpened = 2;

    /// <summary>The session to resume, or null. Owned by who asked.</summary>
    public SessionState? State { get; private init; }

    /// <summary>Its place among the identities.</summary>
    public ushort Index { get; private init; }

    public TicketRefusal Refusal { get; private init; }

    public TicketKeyId? Key { get; private init; }

    /// <summary>The age that the client states.</summary>
    public TimeSpan StatedAge { get; private init; }

    public bool TicketOffered { get; private init; }

    /// <param name="hello">The hello that offers them.</param>
    /// <param name="terms">What was agreed to from it.</param>
    /// <param name="suites">Those that the handshake may go on with.</param>
    /// <param name="host">Whose tickets they must be.</param>
    /// <param name="now">The time.</param>
    public static ServerResumption13 Find(ClientHello hello, Terms13 terms, IReadOnlyList<CipherSuite> suites, HostPolicy host, DateTimeOffset now)
    {
        if (hello.PreSharedKeys is not { } offered || !terms.CanResume)
        {
            return default;
        }

        var first = default(ServerResumption13);
        for (var i = 0; i < Math.Min(offered.Count, MostTicketsOpened); i++)
        {
            var identity = offered.Identity(i);
            var opening = host.Tickets.Open(identity.Identity.Span, TlsVersion.Tls13, now);
            var refusal = opening.State is { } state ? Check(hello, suites, state) : opening.Refusal;
            if (refusal == TicketRefusal.None)
            {
                return new ServerResumption13
                {
                    State = opening.State,
                    Index = (ushort)i,
                    Key = opening.KeyId,
                    StatedAge = identity.TicketAge(opening.State!.AgeAdd),
                    TicketOffered = true,
                };
            }

            opening.State?.Dispose();
            if (i == 0)
            {
                first = new ServerResumption13 { Refusal = refusal, Key = opening.KeyId, TicketOffered = true };
            }
        }

        return first;
    }

    /// <summary>What depends on the hello; format, key, scope, version and times were checked when the ticket was opened.</summary>
    private static TicketRefusal Check(ClientHello hello, IReadOnlyList<CipherSuite> suites, SessionState state)
    {
        // RFC 8446 §4.2.11 leaves the name to the application; ours is the rule of RFC 6066 §3: another name is another session.
        if (!string.Equals(state.ServerName, hello.ServerName, StringComparison.Ordinal))
        {
            return TicketRefusal.ServerName;
        }

        foreach (var suite in suites)
        {
            // RFC 8446 §4.2.11: "The server MUST ensure that it selects a compatible PSK (if any) and cipher suite."
            if (suite.Version == TlsVersion.Tls13 && suite.Hash == state.Suite.Hash && hello.CipherSuites.Contains((ushort)suite.Id))
            {
                return TicketRefusal.None;
            }
        }

        return TicketRefusal.CipherSuite;
    }
}
