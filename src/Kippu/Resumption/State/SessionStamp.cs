namespace Kippu.Resumption;

/// <summary>What each envelope of a session says anew: when it was issued, for how long, and under which scope.</summary>
internal readonly ref struct SessionStamp(DateTimeOffset issued, TimeSpan lifetime, ReadOnlySpan<byte> scopeDigest)
{
    public DateTimeOffset Issued { get; } = issued;

    public TimeSpan Lifetime { get; } = lifetime;

    public ReadOnlySpan<byte> ScopeDigest { get; } = scopeDigest;
}
