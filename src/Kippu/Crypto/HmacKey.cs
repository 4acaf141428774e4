using System.Security.Cryptography;

namespace Kippu.Crypto;

/// <summary>
/// HMAC (RFC 2104) under one key. The key is set up once and the object kept: a one-shot HMAC costs more than twice as much, most of it the set-up.
/// </summary>
/// <remarks>Not thread-safe: threads that share a key rent from a <see cref="HmacPool"/>.</remarks>
internal sealed class HmacKey : IDisposable
{
    private readonly IncrementalHash _hmac;

    public HmacKey(HashAlgorithmName hash, ReadOnlySpan<byte> key) => _hmac = IncrementalHash.CreateHMAC(hash, key);

    /// <summary>The length of the output in bytes.</summary>
    public int Length => _hmac.HashLengthInBytes;

    public void Compute(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        _hmac.AppendData(data);
        _hmac.GetHashAndReset(destination);
    }

    /// <summary>Over the two parts, one after the other.</summary>
    public void Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> destination)
    {
        _hmac.AppendData(first);
        _hmac.AppendData(second);
        _hmac.GetHashAndReset(destination);
    }

    /// <summary>Over the three parts, one after the other.</summary>
    public void Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, Span<byte> destination)
    {
        _hmac.AppendData(first);
        _hmac.AppendData(second);
        _hmac.AppendData(third);
        _hmac.GetHashAndReset(destination);
    }

    /// <summary>The platform's object clears its copy of the key.</summary>
    public void Dispose() => _hmac.Dispose();
}
