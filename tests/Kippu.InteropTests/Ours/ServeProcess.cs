using Kippu.InteropTests.Machinery;

namespace Kippu.InteropTests.Ours;

/// <summary>A running <c>kippu serve</c>.</summary>
internal sealed class ServeProcess(PeerProcess process, int port) : IAsyncDisposable
{
    public int Port => port;

    public PeerProcess Process => process;

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
