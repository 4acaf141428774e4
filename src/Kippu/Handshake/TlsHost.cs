using Kippu.Handshake;

namespace Kippu;

/// <summary>A validated virtual host of one <see cref="TlsServer"/>, made by <see cref="TlsServer.CreateHost"/>. Immutable and thread-safe.</summary>
public sealed class TlsHost
{
    private readonly HostPolicy _policy;
    private readonly ServerPolicy _server;

    internal TlsHost(HostPolicy policy, ServerPolicy server)
    {
        _policy = policy;
        _server = server;
    }

    /// <summary>The policy under which this host's sessions may be resumed, as a digest.</summary>
    public SessionScope SessionScope => _policy.Scope;

    /// <summary>A host of another server has that server's keys, suites and clock behind it: its sessions would come back neither here nor there.</summary>
    internal HostPolicy For(ServerPolicy server) => server == _server
        ? _policy
        : throw new InvalidOperationException("the HostSelector gave a TlsHost of another TlsServer; make it with CreateHost of the server that asks");
}
