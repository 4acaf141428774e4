using System.Security.Authentication;
using Kippu.Tests.Handshake;

namespace Kippu.Tests.Transport;

/// <summary>What an application sees of a stream or a pipe is the same whatever the version: these tests are held to it over both.</summary>
public abstract class TransportTests(SslProtocols protocol)
{
    protected bool Is13 => protocol == SslProtocols.Tls13;

    private protected TlsServer Server(TimeProvider time, Action<TlsServerOptions>? configure = null) => TestServers.Server(time, options =>
    {
        options.Protocols = protocol;
        configure?.Invoke(options);
    });

    private protected TlsClient Client(TimeProvider time, Action<TlsClientOptions>? configure = null) => TestServers.Client(time, options =>
    {
        options.Protocols = protocol;
        configure?.Invoke(options);
    });

    private protected Task<TlsPair> ConnectAsync(TlsServer? server = null, TlsClient? client = null, int capacity = 0, bool leaveInnerStreamsOpen = false) =>
        TlsPair.ConnectAsync(server ?? Server(TimeProvider.System), client ?? Client(TimeProvider.System), capacity, leaveInnerStreamsOpen);

    private protected Task<PipePair> ConnectPipesAsync(TlsServer? server = null, TlsClient? client = null, int capacity = 0, bool leaveTransportsOpen = false) =>
        PipePair.ConnectAsync(server ?? Server(TimeProvider.System), client ?? Client(TimeProvider.System), capacity, leaveTransportsOpen);
}
