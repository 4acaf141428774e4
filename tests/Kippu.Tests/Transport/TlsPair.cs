using Kippu.Tests.Handshake;

namespace Kippu.Tests.Transport;

/// <summary>Two <see cref="TlsStream"/>s that are joined in memory and authenticated.</summary>
internal sealed class TlsPair : IAsyncDisposable
{
    private static readonly TlsTarget s_target = new(TestServers.Name);

    private TlsPair((DuplexStream Client, DuplexStream Server) inner, bool leaveInnerStreamsOpen)
    {
        (InnerClient, InnerServer) = inner;
        Client = new TlsStream(InnerClient, leaveInnerStreamsOpen);
        Server = new TlsStream(InnerServer, leaveInnerStreamsOpen);
    }

    public static TlsTarget Target => s_target;

    public DuplexStream InnerClient { get; }

    public DuplexStream InnerServer { get; }

    public TlsStream Client { get; }

    public TlsStream Server { get; }

    /// <summary>Not authenticated yet.</summary>
    public static TlsPair Create(int capacity = 0, bool leaveInnerStreamsOpen = false) => new(MemoryTransport.CreateStreams(capacity), leaveInnerStreamsOpen);

    public static async Task<TlsPair> ConnectAsync(TlsServer? server = null, TlsClient? client = null, int capacity = 0, bool leaveInnerStreamsOpen = false)
    {
        var pair = Create(capacity, leaveInnerStreamsOpen);
        await pair.AuthenticateAsync(server, client);
        return pair;
    }

    public async Task AuthenticateAsync(TlsServer? server = null, TlsClient? client = null)
    {
        var accept = Server.AuthenticateAsServerAsync(server ?? TestServers.Server(TimeProvider.System));
        await Client.AuthenticateAsClientAsync(client ?? TestServers.Client(TimeProvider.System), s_target).Soon();
        await accept.Soon();
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
