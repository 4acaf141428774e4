using System.Collections.Concurrent;
using Kippu.InteropTests.Matrix;
using Kippu.InteropTests.Peers;

namespace Kippu.InteropTests.Tls13;

/// <summary>The TLS 1.3 cells, observed once a run.</summary>
internal static class Matrix13
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyDictionary<string, Result13>>>> s_results = new();

    private static readonly ConcurrentDictionary<string, Lazy<Task<Result13>>> s_early = new();

    public static Task<Result13> EarlyDataWithClientAsync(ClientPeer peer) =>
        s_early.GetOrAdd($"client {peer}", _ => InteropMatrix.InTurn(cancellationToken => EarlyData13.WithClientAsync(peer, cancellationToken))).Value;

    public static Task<Result13> EarlyDataWithServerAsync(ServerPeer peer) =>
        s_early.GetOrAdd($"server {peer}", _ => InteropMatrix.InTurn(cancellationToken => EarlyData13.WithServerAsync(peer, cancellationToken))).Value;

    public static Task<IReadOnlyDictionary<string, Result13>> WithClientAsync(ClientPeer peer) =>
        s_results.GetOrAdd($"client {peer}", _ => InteropMatrix.InTurn(cancellationToken => ServerRole13.ObserveAsync(peer, cancellationToken))).Value;

    public static Task<IReadOnlyDictionary<string, Result13>> WithServerAsync(ServerPeer peer) =>
        s_results.GetOrAdd($"server {peer}", _ => InteropMatrix.InTurn(cancellationToken => ClientRole13.ObserveAsync(peer, cancellationToken))).Value;
}
