namespace Kippu.Tests.Transport;

/// <summary>A server's stream whose client has sent its first flight and waits to be told to go on.</summary>
internal sealed class EarlyServer : IAsyncDisposable
{
    private readonly MemoryEnd _transport;

    public EarlyServer(TlsClient client)
    {
        (var clientEnd, _transport) = MemoryTransport.Create();
        Client = new StepClient(client, clientEnd);
        Inner = new DuplexStream(_transport);
        Stream = new TlsStream(Inner);
    }

    public StepClient Client { get; }

    /// <summary>Below the server's stream.</summary>
    public DuplexStream Inner { get; }

    public TlsStream Stream { get; }

    /// <summary>The client has sent this, and the server has accepted it.</summary>
    public static async Task<EarlyServer> AcceptAsync(EarlyDataScene scene, bool blocks, params byte[][] earlyData)
    {
        var early = new EarlyServer(scene.Client);
        await early.Client.SendRawAsync(early.Client.SealFirst(earlyData.DefaultIfEmpty([])));
        await early.AuthenticateAsync(scene.Server, blocks).Soon();
        return early;
    }

    public Task AuthenticateAsync(TlsServer server, bool blocks) => blocks ? Task.Run(() => Stream.AuthenticateAsServer(server)) : Stream.AuthenticateAsServerAsync(server);

    /// <summary>Lets the client go on until the server, perhaps on another thread, has come so far.</summary>
    public async Task GoOnUntilAsync(Task serverStep)
    {
        while (!serverStep.IsCompleted)
        {
            await Client.GoOnAsync();
            await Task.Yield();
        }

        await serverStep;
    }

    /// <summary>The next piece of the early data.</summary>
    public async Task<byte[]> ReadEarlyAsync(bool blocks, int size = 100)
    {
        var buffer = new byte[size];
        var count = await (blocks ? Task.Run(() => Stream.ReadEarlyData(buffer)) : Stream.ReadEarlyDataAsync(buffer).AsTask()).Soon();
        return buffer[..count];
    }

    /// <summary>All that comes up to the end of the early data.</summary>
    public async Task<byte[]> ReadAllEarlyAsync(bool blocks, int size = 100)
    {
        var all = new List<byte>();
        while (await ReadEarlyAsync(blocks, size) is { Length: > 0 } piece)
        {
            all.AddRange(piece);
        }

        return [.. all];
    }

    /// <summary>The next piece of the data after the handshake.</summary>
    public async Task<byte[]> ReadAsync(bool blocks, int size = 100)
    {
        var buffer = new byte[size];
        var count = await (blocks ? Task.Run(() => Stream.Read(buffer)) : Stream.ReadAsync(buffer).AsTask()).Soon();
        return buffer[..count];
    }

    public Task CompleteAsync(bool blocks) => (blocks ? Task.Run(Stream.CompleteHandshake) : Stream.CompleteHandshakeAsync()).Soon();

    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        Client.Dispose();
    }
}
