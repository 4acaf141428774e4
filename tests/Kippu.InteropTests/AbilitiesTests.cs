using Kippu.InteropTests.Matrix;
using Xunit;

namespace Kippu.InteropTests;

/// <summary>Every suite, group, signature scheme and kind of client certificate with every peer, in both roles.</summary>
public sealed class AbilitiesTests
{
    public static TheoryData<string> ClientNames() => [.. InteropMatrix.Clients.Select(peer => peer.Name)];

    public static TheoryData<string> ServerNames() => [.. InteropMatrix.Servers.Select(peer => peer.Name)];

    [Theory]
    [MemberData(nameof(ClientNames))]
    public async Task Our_server_can_do_all_with_a_foreign_client(string peer) =>
        Assert.Equal(Ability.All.Count, (await InteropMatrix.AbilitiesWithClientAsync(InteropMatrix.Clients.Single(client => client.Name == peer))).Count);

    [Theory]
    [MemberData(nameof(ServerNames))]
    public async Task Our_client_can_do_all_with_a_foreign_server(string peer) =>
        Assert.Equal(Ability.All.Count, (await InteropMatrix.AbilitiesWithServerAsync(InteropMatrix.Servers.Single(server => server.Name == peer))).Count);
}
