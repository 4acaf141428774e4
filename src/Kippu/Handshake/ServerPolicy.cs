using Kippu.Wire;

namespace Kippu.Handshake;

/// <summary>What a server is, validated and immutable; shared by its connections.</summary>
internal sealed class ServerPolicy
{
    public required ConnectionEnvironment Environment { get; init; }

    /// <summary>The highest first.</summary>
    public required IReadOnlyList<TlsVersion> Versions { get; init; }

    public required IReadOnlyList<CipherSuite> CipherSuites { get; init; }

    public required IReadOnlyList<NamedGroup> Groups { get; init; }

    public required SignatureScheme[] SignatureSchemes { get; init; }

    public required bool RequireExtendedMasterSecret { get; init; }

    public required EarlyDataPolicy EarlyData { get; init; }

    public required int TicketsPerFullHandshake { get; init; }

    public required int TicketsPerResumption { get; init; }

    public required HostTable Hosts { get; init; }

    public required Func<ClientHelloInfo, CancellationToken, ValueTask<TlsHost?>>? HostSelector { get; init; }

    /// <summary>Makes the ticket and session-ID services of a scope.</summary>
    public required ScopeServices Services { get; init; }

    /// <summary>The scope name of hosts that have none of their own.</summary>
    public required string? ScopeName { get; init; }

    public TimeProvider Time => Environment.Time;
}
