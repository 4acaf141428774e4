using System.Buffers;
using System.IO.Pipelines;
using Kippu.Tests.Handshake;

namespace Kippu.Tests.Transport;

/// <summary>Two <see cref="TlsDuplexPipe"/>s that are joined in memory and authenticated.</summary>
internal sealed class PipePair : IAsyncDisposable
{
    private PipePair((MemoryEnd Client, MemoryEnd Server) inner, bool leaveTransportsOpen, bool serverAcceptsIncompleteClose)
    {
        (InnerClient, InnerServer) = inner;
        Client = new TlsDuplexPipe(InnerClient, leaveTransportsOpen);
        Server = new TlsDuplexPipe(InnerServer, leaveTransportsOpen) { AcceptsIncompleteClose = serverAcceptsIncompleteClose };
    }

    public MemoryEnd InnerClient { get; }

    public MemoryEnd InnerServer { get; }

    public TlsDuplexPipe Client { get; }

    public TlsDuplexPipe Server { get; }

    /// <summary>Not authenticated yet.</summary>
    public static PipePair Create(int capacity = 0, bool leaveTransportsOpen = false, bool serverAcceptsIncompleteClose = false) =>
        new(MemoryTransport.Create(capacity), leaveTransportsOpen, serverAcceptsIncompleteClose);

    public static async Task<PipePair> ConnectAsync(
        TlsServer? server = null, TlsClient? client = null, int capacity = 0, bool leaveTransportsOpen = false, bool serverAcceptsIncompleteClose = false)
    {
        var pair = Create(capacity, leaveTransportsOpen, serverAcceptsIncompleteClose);
        var accept = pair.Server.AuthenticateAsServerAsync(server ?? TestServers.Server(TimeProvider.System));
        await pair.Client.AuthenticateAsClientAsync(client ?? TestServers.Client(TimeProvider.System), TlsPair.Target).Soon();
        await accept.Soon();
        return pair;
    }

    /// <summary>Reads to the end.</summary>
    public static async Task<byte[]> ReadAllAsync(PipeReader reader)
    {
        var all = new MemoryStream();
        while (true)
        {
            var result = await reader.ReadAsync();
            foreach (var piece in result.Buffer)
            {
                all.Write(piece.Span);
            }

            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return all.ToArray();
            }
        }
    }

    /// <summary>The next piece, which must be there at once or soon.</summary>
    public static async Task<byte[]> ReadAsync(PipeReader reader)
    {
        var result = await reader.ReadAsync().Soon();
        var bytes = result.Buffer.ToArray();
        reader.AdvanceTo(result.Buffer.End);
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
