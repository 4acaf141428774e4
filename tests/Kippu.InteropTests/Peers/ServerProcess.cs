using Kippu.InteropTests.Machinery;

namespace Kippu.InteropTests.Peers;

/// <summary>A server that is a process. It is asked about one connection after the other, so what it says between two questions is about one of them.</summary>
internal sealed class ServerProcess : RunningServer
{
    private readonly PeerProcess _process;
    private readonly Func<string, IReadOnlyList<string>, PeerWords?> _read;
    private int _heard;

    /// <param name="process">The process; stopped with this object.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="read">Makes sense of the response and of the lines said since the last connection; null: there must be more to come.</param>
    public ServerProcess(PeerProcess process, int port, Func<string, IReadOnlyList<string>, PeerWords?> read)
    {
        _process = process;
        _read = read;
        _heard = process.Lines.Count;
        Port = port;
    }

    public override async Task<PeerWords> WordsAsync(string response, CancellationToken cancellationToken)
    {
        var words = await _process.WaitUntilAsync(lines => _read(response, lines), cancellationToken, _heard);
        _heard = _process.Lines.Count;
        return words;
    }

    /// <summary>Waits until it has said a line so often, in all.</summary>
    public async Task WaitForLinesAsync(string part, int count, CancellationToken cancellationToken) =>
        await _process.WaitUntilAsync(lines => lines.Count(line => line.Contains(part, StringComparison.Ordinal)) == count ? part : null, cancellationToken);

    public override ValueTask DisposeAsync() => _process.DisposeAsync();
}
