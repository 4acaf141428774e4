using System.Net.Security;
using System.Security.Authentication;

namespace Kippu.Cli.Connecting;

/// <summary>What <c>kippu connect</c> was told.</summary>
internal sealed record ConnectOptions
{
    public required ConnectTarget Target { get; init; }

    /// <summary>Where to connect, in turn: the target itself, or nodes that stand for it.</summary>
    public required IReadOnlyList<ConnectTarget> Nodes { get; init; }

    /// <summary>Connections after the first.</summary>
    public int Reconnects { get; init; }

    /// <summary><see cref="SslProtocols.None"/>: both.</summary>
    public SslProtocols Versions { get; init; } = SslProtocols.None;

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

    /// <summary>The request is one of HTTP: only the status line of the answer is told.</summary>
    public bool IsHttp { get; init; }

    /// <summary>Sends the request as early data (0-RTT) where a session allows it.</summary>
    public bool EarlyData { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    public bool Trace { get; init; }

    public bool Json { get; init; }

    /// <summary>Whether there is anything by which a session could be resumed. TLS 1.3 knows tickets only.</summary>
    public bool MayResume(bool isTls13) => UseTickets || (UseSessionIds && !isTls13);
}
