using System.Collections.Concurrent;
using Kippu.InteropTests.Peers;
using Kippu.InteropTests.Scenarios;

namespace Kippu.InteropTests.Matrix;

/// <summary>Every cell of the tables, observed once a run, by whichever test asks first: its own, or the one that writes the document.</summary>
internal static class InteropMatrix
{
    /// <summary>Programs that run side by side; the machine has few processors, and each pair wants to be quick.</summary>
    private const int Parallel = 2;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);
    private static readonly SemaphoreSlim s_turn = new(Parallel);
    private static readonly ConcurrentDictionary<string, Lazy<Task<Cell>>> s_cells = new();
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> s_scenarios = new();
    private static readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyDictionary<string, string>>>> s_abilities = new();

    public static IReadOnlyList<ClientPeer> Clients { get; } =
        [new OpenSslClient(), new GnuTlsClient(), new CurlClient(), new GoClient(), new SslStreamClient(), new NginxClient(), new HaproxyClient()];

    public static IReadOnlyList<ServerPeer> Servers { get; } =
        [new OpenSslServer(), new GnuTlsServer(), new GoServer(), new SslStreamServer(), new NginxServer(), new HaproxyServer()];

    /// <summary>Our server, a foreign client.</summary>
    public static Task<Cell> WithClientAsync(ClientPeer peer, Pattern pattern) =>
        OnceAsync($"client {peer} {pattern}", cancellationToken => ServerRole.ObserveAsync(peer, pattern, cancellationToken));

    /// <summary>Our client, a foreign server.</summary>
    public static Task<Cell> WithServerAsync(ServerPeer peer, Pattern pattern) =>
        OnceAsync($"server {peer} {pattern}", cancellationToken => ClientRole.ObserveAsync(peer, pattern, cancellationToken));

    /// <summary>What a foreign client said about each ability of our server.</summary>
    public static Task<IReadOnlyDictionary<string, string>> AbilitiesWithClientAsync(ClientPeer peer) =>
        s_abilities.GetOrAdd($"client {peer}", _ => InTurn(cancellationToken => ServerRoleAbilities.ObserveAsync(peer, cancellationToken))).Value;

    /// <summary>What a foreign server said about each ability of our client.</summary>
    public static Task<IReadOnlyDictionary<string, string>> AbilitiesWithServerAsync(ServerPeer peer) =>
        s_abilities.GetOrAdd($"server {peer}", _ => InTurn(cancellationToken => ClientRoleAbilities.ObserveAsync(peer, cancellationToken))).Value;

    /// <summary>The peer's words in a scenario.</summary>
    public static Task<string> ScenarioAsync(Scenario scenario) => s_scenarios.GetOrAdd(scenario.Name, _ => InTurn(scenario.ObserveAsync)).Value;

    /// <summary>Something to observe once, when its turn comes.</summary>
    public static Lazy<Task<T>> InTurn<T>(Func<CancellationToken, Task<T>> observe) => new(() => Task.Run(() => InTurnAsync(observe)));

    private static Task<Cell> OnceAsync(string name, Func<CancellationToken, Task<Cell>> observe) =>
        s_cells.GetOrAdd(name, _ => InTurn(observe)).Value;

    private static async Task<T> InTurnAsync<T>(Func<CancellationToken, Task<T>> observe)
    {
        await s_turn.WaitAsync();
        try
        {
            using var limit = new CancellationTokenSource(s_limit);
            return await observe(limit.Token);
        }
        finally
        {
            s_turn.Release();
        }
    }
}
