using Kippu.Cli.Output;

namespace Kippu.Cli.Tls;

/// <summary>What was negotiated on one connection, for people and for JSON.</summary>
internal sealed record ConnectionReport
{
    public required string Protocol { get; init; }

    public required string CipherSuite { get; init; }

    /// <summary>Null after a resumption without a key exchange.</summary>
    public string? Group { get; init; }

    public string? SignatureScheme { get; init; }

    public string? ApplicationProtocol { get; init; }

    public string? ServerName { get; init; }

    public bool ExtendedMasterSecret { get; init; }

    public bool Resumed { get; init; }

    /// <summary>"none", "ticket" or "sessionId".</summary>
    public required string Resumption { get; init; }

    /// <summary>Servers only: why what was offered was not resumed.</summary>
    public string? Refusal { get; init; }

    /// <summary>Servers only: the ring key of the ticket that was offered.</summary>
    public string? TicketKey { get; init; }

    public double? TicketAgeSeconds { get; init; }

    public double? SessionAgeSeconds { get; init; }

    public bool NewTicket { get; init; }

    public double? NewTicketLifetimeSeconds { get; init; }

    public CertificateReport? PeerCertificate { get; init; }

    public static ConnectionReport Of(TlsConnectionInfo info) => new()
    {
        Protocol = info.Protocol == System.Security.Authentication.SslProtocols.Tls13 ? "TLS 1.3" : "TLS 1.2",
        CipherSuite = info.CipherSuite.ToString(),
        Group = info.Group?.ToString(),
        SignatureScheme = info.SignatureScheme?.ToString(),
        ApplicationProtocol = info.ApplicationProtocol.Protocol.IsEmpty ? null : info.ApplicationProtocol.ToString(),
        ServerName = info.ServerName,
        ExtendedMasterSecret = info.ExtendedMasterSecret,
        Resumed = info.IsResumed,
        Resumption = info.Resumption switch { ResumptionKind.Ticket => "ticket", ResumptionKind.SessionId => "sessionId", _ => "none" },
        Refusal = info.TicketRefusal == TicketRefusal.None ? null : info.TicketRefusal.ToString(),
        TicketKey = info.TicketKey?.ToString(),
        TicketAgeSeconds = info.TicketAge?.TotalSeconds,
        SessionAgeSeconds = info.SessionAge?.TotalSeconds,
        NewTicket = info.NewTicket,
        NewTicketLifetimeSeconds = info.NewTicketLifetime?.TotalSeconds,
        PeerCertificate = info.PeerCertificate is { } certificate ? CertificateReport.Of(certificate) : null,
    };

    /// <summary>How the connection came by its session, in words.</summary>
    public string ResumptionText() => this switch
    {
        { Resumption: "ticket" } => "yes, by ticket" + Ages(),
        { Resumption: "sessionId" } => "yes, by session ID" + Ages(),
        { Refusal: { } refusal } => $"no: what was offered was refused ({refusal})",
        _ => "no: a full handshake",
    };

    /// <summary>Name and value of all that there is to say.</summary>
    public IEnumerable<(string Name, string Value)> Describe()
    {
        yield return ("protocol", Protocol);
        yield return ("cipher suite", CipherSuite);
        yield return ("key exchange", Group is null ? "none: the keys come from the session" : SignatureScheme is null ? Group : $"{Group}, signed with {SignatureScheme}");
        yield return ("extended master secret", ExtendedMasterSecret ? "yes" : "no");
        yield return ("server name", ServerName ?? "none");
        yield return ("ALPN", ApplicationProtocol ?? "none");
        yield return ("resumed", ResumptionText());
        if (TicketKey is not null)
        {
            yield return ("ring key of the ticket", TicketKey);
        }

        yield return ("new ticket", NewTicket ? "yes" + Lifetime() : "no");
        if (PeerCertificate is { } peer)
        {
            yield return ("peer certificate", peer.Subject);
            yield return ("  issued by", peer.Issuer);
            yield return ("  valid until", Quantities.Minute(peer.NotAfter));
            yield return ("  SHA-256", peer.Sha256);
        }
    }

    private string Ages()
    {
        string?[] parts =
        [
            TicketAgeSeconds is { } ticket ? $"issued {Quantities.Duration(Positive(ticket))} ago" : null,
            SessionAgeSeconds is { } session ? $"full handshake {Quantities.Duration(Positive(session))} ago" : null,
        ];
        var text = string.Join(", ", parts.OfType<string>());
        return text.Length == 0 ? "" : $" ({text})";
    }

    private string Lifetime() => NewTicketLifetimeSeconds switch
    {
        null => "",
        0 => ", lifetime unspecified",
        { } seconds => $", for {Quantities.Duration(TimeSpan.FromSeconds(seconds))}",
    };

    private static TimeSpan Positive(double seconds) => TimeSpan.FromSeconds(Math.Max(0, seconds));
}
