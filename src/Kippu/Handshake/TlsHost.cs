using Kippu.Handshake;

namespace Kippu;

/// <summary>A validated virtual host of one <see cref="TlsServer"/>, made by <see cref="TlsServer.CreateHost"/>. Immutable and thread-safe.</summary>
public sealed class TlsHost
{
    internal TlsHost(HostPolicy policy) => Policy = policy;

    /// <summary>The policy under which this host's sessions may be resumed, as a digest.</summary>
    public SessionScope SessionScope => Policy.Scope;

    internal HostPolicy Policy { get; }
}
