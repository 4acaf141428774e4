using System.Net;
using System.Net.Security;
using System.Security.Authentication;

namespace Kippu.Cli.Serving;

/// <summary>What <c>kippu serve</c> was told.</summary>
internal sealed record ServeOptions
{
    public required IPAddress Listen { get; init; }

    /// <summary>0 lets the system choose.</summary>
    public required int Port { get; init; }

    public string? CertificateFile { get; init; }

    public string? KeyFile { get; init; }

    /// <summary>Names of a certificate that is made for this run.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    public string? SaveCa { get; init; }

    public string? RingFile { get; init; }

    public string[] OperatorKeyFiles { get; init; } = [];

    public required string Scope { get; init; }

    /// <summary><see cref="SslProtocols.None"/>: both.</summary>
    public SslProtocols Versions { get; init; } = SslProtocols.None;

    /// <summary>The most bytes of early data that a client may send; 0: none.</summary>
    public int EarlyDataSize { get; init; }

    public TimeSpan EarlyDataWindow { get; init; } = TimeSpan.FromSeconds(10);

    public ReplayScope ReplayScope { get; init; } = ReplayScope.Fleet;

    public bool TakesEarlyData => EarlyDataSize > 0;

    public required bool Tickets { get; init; }

    public required TimeSpan TicketLifetime { get; init; }

    public required TicketRenewal Renewal { get; init; }

    public required bool IssueOnRejection { get; init; }

    public required bool SessionIds { get; init; }

    public required ClientCertificateRequirement ClientCertificate { get; init; }

    public string? ClientCaFile { get; init; }

    public IReadOnlyList<SslApplicationProtocol> Protocols { get; init; } = [];

    public IReadOnlyList<TlsCipherSuite> Suites { get; init; } = [];

    public IReadOnlyList<NamedGroup> Groups { get; init; } = [];

    public string? KeyLog { get; init; }

    public bool Trace { get; init; }

    public bool Json { get; init; }
}
