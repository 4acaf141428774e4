using System.Security.Cryptography;

namespace Kippu.Crypto;

/// <summary>
/// The one owner of some secret bytes. The memory is pinned, so that the garbage collector leaves no copies behind when it compacts, and cleared on
/// dispose. It prints its length only.
/// </summary>
/// <remarks>Not thread-safe: who disposes it must be the last to use it, and the last to use a span of it.</remarks>
internal sealed class SecretBytes : IDisposable
{
    private byte[]? _bytes;

    /// <summary>A secret of <paramref name="length"/> zero bytes, to be filled in by the caller.</summary>
    public SecretBytes(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        _bytes = PinnedMemory.Rent(length);
    }

    public int Length { get; }

    public Span<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_bytes is null, this);
            return _bytes.AsSpan(0, Length);
        }
    }

    public static SecretBytes CopyOf(ReadOnlySpan<byte> source)
    {
        var secret = new SecretBytes(source.Length);
        source.CopyTo(secret.Span);
        return secret;
    }

    public void Dispose()
    {
        // Exchanged, so that memory is never given back twice: it would have two owners then.
        if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
        {
            CryptographicOperations.ZeroMemory(bytes);
            PinnedMemory.Return(bytes);
        }
    }

    public override string ToString() => $"SecretBytes({Length})";
}
