namespace Kippu.BogoShim;

/// <summary>A process that serves one test remembers every first flight it has seen.</summary>
internal sealed class OneUse : IReplayGuard
{
    private readonly HashSet<string> _seen = [];

    public ValueTask<bool> TryUseAsync(ReadOnlyMemory<byte> key, DateTimeOffset expires, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_seen.Add(Convert.ToHexString(key.Span)));
}
