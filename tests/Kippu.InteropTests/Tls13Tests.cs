using Kippu.InteropTests.Matrix;
using Kippu.InteropTests.Scenarios;
using Kippu.InteropTests.Tls13;
using Xunit;

namespace Kippu.InteropTests;

/// <summary>TLS 1.3 with every peer, in both roles. The judges are in <see cref="Case13.Check"/>.</summary>
public sealed class Tls13Tests
{
    public static TheoryData<string> ClientNames() => [.. InteropMatrix.Clients.Select(peer => peer.Name)];

    public static TheoryData<string> ServerNames() => [.. InteropMatrix.Servers.Select(peer => peer.Name)];

    public static TheoryData<string> ScenarioNames() => [.. Tls13Scenarios.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(ClientNames))]
    public async Task A_foreign_client_speaks_TLS_13_with_our_server(string peer) =>
        Assert.Equal(Case13.All.Count, (await Matrix13.WithClientAsync(InteropMatrix.Clients.Single(client => client.Name == peer))).Count);

    [Theory]
    [MemberData(nameof(ServerNames))]
    public async Task Our_client_speaks_TLS_13_with_a_foreign_server(string peer) =>
        Assert.Equal(Case13.All.Count, (await Matrix13.WithServerAsync(InteropMatrix.Servers.Single(server => server.Name == peer))).Count);

    [Theory]
    [MemberData(nameof(ClientNames))]
    public async Task A_foreign_client_sends_early_data_or_cannot(string peer) =>
        Assert.NotEmpty((await Matrix13.EarlyDataWithClientAsync(InteropMatrix.Clients.Single(client => client.Name == peer))).Words);

    [Theory]
    [MemberData(nameof(ServerNames))]
    public async Task A_foreign_server_takes_early_data_or_cannot(string peer) =>
        Assert.NotEmpty((await Matrix13.EarlyDataWithServerAsync(InteropMatrix.Servers.Single(server => server.Name == peer))).Words);

    [Theory]
    [MemberData(nameof(ScenarioNames))]
    public async Task The_scenario_ends_as_it_must(string name) => Assert.NotEmpty(await InteropMatrix.ScenarioAsync(Tls13Scenarios.All.Single(scenario => scenario.Name == name)));
}
