namespace Kippu.InteropTests.Peers;

/// <summary>How a foreign server is to be set up.</summary>
internal sealed record ServerTask
{
    public const int MaxEarlyData = 4096;
    public const string UsualTicketKey = "first";

    public PeerCredential Credential { get; init; } = PeerPki.Ecdsa;

    /// <summary>False: it neither issues nor accepts tickets.</summary>
    public bool Tickets { get; init; } = true;

    /// <summary>Names of ticket keys, the one that seals first, for servers whose keys can be set. Another server with the same names opens the same tickets.</summary>
    public IReadOnlyList<string> TicketKeys { get; init; } = [UsualTicketKey];

    /// <summary>Speak TLS 1.3 too, as it would by itself.</summary>
    public bool AllVersions { get; init; }

    /// <summary>Take <c>http/1.1</c> by ALPN.</summary>
    public bool Alpn { get; init; }

    /// <summary>Accept all six suites. SslStream does not by itself, and resumes no session once it is told to.</summary>
    public bool EverySuite { get; init; }

    /// <summary>Take early data, if it can.</summary>
    public bool EarlyData { get; init; }

    /// <summary>The only group that it takes; null: all that it has.</summary>
    public NamedGroup? Group { get; init; }

    /// <summary>Whether it asks for a client certificate.</summary>
    public ClientCertificateRequirement ClientCertificate { get; init; }
}
