using Kippu.InteropTests.Matrix;
using Xunit;

namespace Kippu.InteropTests;

/// <summary>Every handshake pattern with every peer that can do it, in both roles. The judges are in <see cref="Agreement"/>.</summary>
public sealed class PatternsTests
{
    public static TheoryData<string, string> ClientCells() => Cells(InteropMatrix.Clients.Select(peer => peer.Name));

    public static TheoryData<string, string> ServerCells() => Cells(InteropMatrix.Servers.Select(peer => peer.Name));

    [Theory]
    [MemberData(nameof(ClientCells))]
    public async Task A_foreign_client_follows_the_pattern_with_our_server(string peer, string pattern)
    {
        var cell = await InteropMatrix.WithClientAsync(InteropMatrix.Clients.Single(client => client.Name == peer), Pattern.All.Single(one => one.Number == pattern));
        Assert.NotEmpty(cell.Words);
    }

    [Theory]
    [MemberData(nameof(ServerCells))]
    public async Task Our_client_follows_the_pattern_with_a_foreign_server(string peer, string pattern)
    {
        var cell = await InteropMatrix.WithServerAsync(InteropMatrix.Servers.Single(server => server.Name == peer), Pattern.All.Single(one => one.Number == pattern));
        Assert.NotEmpty(cell.Words);
    }

    private static TheoryData<string, string> Cells(IEnumerable<string> peers)
    {
        var cells = new TheoryData<string, string>();
        foreach (var peer in peers)
        {
            foreach (var pattern in Pattern.All)
            {
                cells.Add(peer, pattern.Number);
            }
        }

        return cells;
    }
}
