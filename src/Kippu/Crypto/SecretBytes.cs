using System.Security.Cryptography;

namespace Kippu.Crypto;

/// <summary>
/// The one owner of some secret bytes. The memory is pinned, so that the garbage collector leaves no copies behind when it compacts, and cleared on
/// dispose. It prints its length only.
/// </summary>
/// <remarks>Not thread-safe: who disposes it must be the last to use it.</remarks>
internal sealed class SecretBytes : IDisposable
{
    private readonly byte[] _bytes;
    private bool _disposed;

    /// <summary>A secret of <paramref name="length"/> zero bytes, to be filled in by the caller.</summary>
    public SecretBytes(int length) => _bytes = GC.AllocateArray<byte>(length, pinned: true);

    public int Length => _bytes.Length;

    public Span<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _bytes;
        }
    }

    public static SecretBytes CopyOf(ReadOnlySpan<byte> source)
    {
        var secret = new SecretBytes(source.Length);
        source.CopyTo(secret._bytes);
        return secret;
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_bytes);
    }

    public override string ToString() => $"SecretBytes({_bytes.Length})";
}
