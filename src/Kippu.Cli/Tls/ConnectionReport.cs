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

    /// <summary>RFC 7627; null in TLS 1.3, which always binds its secrets to the handshake.</summary>
    public bool? ExtendedMasterSecret { get; init; }

    public bool Resumed { get; init; }

    /// <summary>"none", "ticket", "sessionId", or in TLS 1.3 "psk".</summary>
    public required string Resumption { get; init; }

    /// <summary>TLS 1.3: the server asked for a second ClientHello.</summary>
    public bool RetriedHello { get; init; }

    /// <summary>"accepted" or "refused", if early data was offered (TLS 1.3); a client that would have sent some and had no session for it says "notOffered".</summary>
    public string? EarlyData { get; init; }

    /// <summary>How much of it was accepted.</summary>
    public int? EarlyDataBytes { get; init; }

    /// <summary>Servers only: why what was offered was not resumed.</summary>
    public string? Refusal { get; init; }

    /// <summary>Servers only: the ring key of the ticket that was offered.</summary>
    public string? TicketKey { get; init; }

    public double? TicketAgeSeconds { get; init; }

    public double? SessionAgeSeconds { get; init; }

    public bool NewTicket { get; init; }

    /// <summary>How many; in TLS 1.3 they come after the handshake, and one at a time can be used.</summary>
    public int NewTickets { get; init; }

    public double? NewTicketLifetimeSeconds { get; init; }

    public CertificateReport? PeerCertificate { get; init; }

    private bool IsTls13 => Protocol == "TLS 1.3";

    public static ConnectionReport Of(TlsConnectionInfo info) => new()
    {
        Protocol = info.Protocol == System.Security.Authentication.SslProtocols.Tls13 ? "TLS 1.3" : "TLS 1.2",
        CipherSuite = info.CipherSuite.ToString(),
        Group = info.Group is { } group ? TlsNames.Group((uint)group) : null,
        SignatureScheme = info.SignatureScheme is { } scheme ? TlsNames.Scheme(scheme) : null,
        ApplicationProtocol = info.ApplicationProtocol.Protocol.IsEmpty ? null : info.ApplicationProtocol.ToString(),
        ServerName = info.ServerName,
        ExtendedMasterSecret = info.Protocol == System.Security.Authentication.SslProtocols.Tls13 ? null : info.ExtendedMasterSecret,
        Resumed = info.IsResumed,
        Resumption = info.Resumption switch { ResumptionKind.Ticket => "ticket", ResumptionKind.SessionId => "sessionId", ResumptionKind.Psk => "psk", _ => "none" },
        RetriedHello = info.RetriedHello,
        Refusal = info.TicketRefusal == TicketRefusal.None ? null : info.TicketRefusal.ToString(),
        TicketKey = info.TicketKey?.ToString(),
        TicketAgeSeconds = info.TicketAge?.TotalSeconds,
        SessionAgeSeconds = info.SessionAge?.TotalSeconds,
        NewTicket = info.NewTicket,
        NewTickets = info.NewTicket ? 1 : 0,
        NewTicketLifetimeSeconds = info.NewTicketLifetime?.TotalSeconds,
        PeerCertificate = info.PeerCertificate is { } certificate ? CertificateReport.Of(certificate) : null,
    };

    public static string NameOf(EarlyDataOutcome outcome) => outcome switch
    {
        EarlyDataOutcome.Accepted => "accepted",
        EarlyDataOutcome.Refused => "refused",
        _ => "notOffered",
    };

    /// <summary>With the tickets of TLS 1.3, which follow the handshake.</summary>
    /// <param name="tickets">All that were seen.</param>
    /// <param name="lifetime">Of one of them.</param>
    public ConnectionReport WithTickets(int tickets, TimeSpan? lifetime) =>
        IsTls13 ? this with { NewTicket = tickets > 0, NewTickets = tickets, NewTicketLifetimeSeconds = lifetime?.TotalSeconds } : this;

    /// <summary>With what became of early data.</summary>
    public ConnectionReport WithEarlyData(EarlyDataOutcome outcome, int accepted) =>
        this with { EarlyData = NameOf(outcome), EarlyDataBytes = outcome == EarlyDataOutcome.Accepted ? accepted : null };

    /// <summary>How the connection came by its session, in words.</summary>
    public string ResumptionText() => this switch
    {
        { Resumption: "ticket" } => "yes, by ticket" + Ages(),
        { Resumption: "psk" } => "yes, by ticket, as a PSK" + Ages(),
        { Resumption: "sessionId" } => "yes, by session ID" + Ages(),
        { Refusal: { } refusal } => $"no: what was offered was refused ({refusal})",
        _ => "no: a full handshake",
    };

    /// <summary>What became of early data, in words.</summary>
    public string EarlyDataText() => EarlyData switch
    {
        "accepted" => $"accepted: {Quantities.Bytes(EarlyDataBytes ?? 0)}, before the handshake was over",
        "refused" => "refused",
        _ => "not offered: no session that allows it",
    };

    /// <summary>Name and value of all that there is to say.</summary>
    public IEnumerable<(string Name, string Value)> Describe()
    {
        yield return ("protocol", Protocol);
        yield return ("cipher suite", CipherSuite);
        yield return ("key exchange", Group is null ? "none: the keys come from the session" : SignatureScheme is null ? Group : $"{Group}, signed with {SignatureScheme}");
        if (!IsTls13)
        {
            yield return ("extended master secret", ExtendedMasterSecret == true ? "yes" : "no");
        }

        if (RetriedHello)
        {
            yield return ("second ClientHello", "yes: the server sent a HelloRetryRequest");
        }

        yield return ("server name", ServerName ?? "none");
        yield return ("ALPN", ApplicationProtocol ?? "none");
        yield return ("resumed", ResumptionText());
        if (TicketKey is not null)
        {
            yield return ("ring key of the ticket", TicketKey);
        }

        if (EarlyData is not null)
        {
            yield return ("early data", EarlyDataText());
        }

        yield return (NewTickets > 1 ? "new tickets" : "new ticket", NewTicket ? (NewTickets > 1 ? $"{NewTickets}" : "yes") + Lifetime() : "no");
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
