using System.Collections.Concurrent;
using Kippu.InteropTests.Peers;

namespace Kippu.InteropTests.Matrix;

/// <summary>Every cell of the tables, observed once a run, by whichever test asks first: its own, or the one that writes the document.</summary>
internal static class InteropMatrix
{
    /// <summary>Programs that run side by side; the machine has few processors, and each pair wants to be quick.</summary>
    private const int Parallel = 2;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private static readonly SemaphoreSlim s_turn = new(Parallel);
    private static readonly ConcurrentDictionary<string, Lazy<Task<Cell>>> s_cells = new();

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

    private static Task<Cell> OnceAsync(string name, Func<CancellationToken, Task<Cell>> observe) =>
        s_cells.GetOrAdd(name, _ => new Lazy<Task<Cell>>(() => Task.Run(() => InTurnAsync(observe)))).Value;

    private static async Task<Cell> InTurnAsync(Func<CancellationToken, Task<Cell>> observe)
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
