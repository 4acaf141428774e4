using System.Net.Security;

namespace Kippu.Cli.Connecting;

/// <summary>What <c>kippu connect</c> was told.</summary>
internal sealed record ConnectOptions
{
    public required ConnectTarget Target { get; init; }

    /// <summary>Connections after the first.</summary>
    public int Reconnects { get; init; }

    public bool UseTickets { get; init; } = true;

    public bool UseSessionIds { get; init; } = true;

    /// <summary>The name to ask for and to verify, in the place of the target's host; empty sends none and verifies the host.</summary>
    public string? ServerName { get; init; }

    public IReadOnlyList<SslApplicationProtocol> Protocols { get; init; } = [];

    public IReadOnlyList<TlsCipherSuite> Suites { get; init; } = [];

    public IReadOnlyList<NamedGroup> Groups { get; init; } = [];

    public string? CaFile { get; init; }

    public string? CertificateFile { get; init; }

    public string? KeyFile { get; init; }

    public bool Insecure { get; init; }

    public string? SessionIn { get; init; }

    public string? SessionOut { get; init; }

    public string? KeyLog { get; init; }

    /// <summary>What to send after the handshake; empty sends nothing.</summary>
    public ReadOnlyMemory<byte> Request { get; init; }

    /// <summary>The request is a GET: only the status line of the answer is told.</summary>
    public bool IsHttp { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    public bool Trace { get; init; }

    public bool Json { get; init; }

    /// <summary>Whether there is anything by which a session could be resumed.</summary>
    public bool MayResume => UseTickets || UseSessionIds;
}
