using System.Security.Cryptography;
using Kippu.Crypto.OpenSsl;

namespace Kippu.Crypto;

/// <summary>
/// HMAC (RFC 2104) under one key. The key is set up once and the object kept: a one-shot HMAC costs more than twice as much, most of it the set-up.
/// </summary>
/// <remarks>Not thread-safe: threads that share a key rent from a <see cref="HmacPool"/>.</remarks>
internal sealed class HmacKey : IDisposable
{
    private readonly IncrementalHash? _platform;
    private readonly LibCryptoHmac? _libCrypto;

    public HmacKey(HashAlgorithmName hash, ReadOnlySpan<byte> key)
        : this(hash, key, CryptoBackends.Preferred)
    {
    }

    public HmacKey(HashAlgorithmName hash, ReadOnlySpan<byte> key, CryptoBackend backend)
    {
        if (backend == CryptoBackend.LibCrypto && LibCrypto.Digest(hash) is not 0 and var digest)
        {
            _libCrypto = new LibCryptoHmac(digest, key);
            Length = hash == HashAlgorithmName.SHA256 ? SHA256.HashSizeInBytes : SHA384.HashSizeInBytes;
            return;
        }

        _platform = IncrementalHash.CreateHMAC(hash, key);
        Length = _platform.HashLengthInBytes;
    }

    /// <summary>The length of the output in bytes.</summary>
    public int Length { get; }

    public void Compute(ReadOnlySpan<byte> data, Span<byte> destination) => Compute(data, default, default, destination);

    /// <summary>Over the two parts, one after the other.</summary>
    public void Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> destination) => Compute(first, second, default, destination);

    /// <summary>Over the three parts, one after the other.</summary>
    public void Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, Span<byte> destination)
    {
        if (_libCrypto is { } libCrypto)
        {
            libCrypto.Compute(first, second, third, destination[..Length]);
            return;
        }

        Append(first);
        Append(second);
        Append(third);
        _platform!.GetHashAndReset(destination);
    }

    /// <summary>Who computes clears its copy of the key.</summary>
    public void Dispose()
    {
        _platform?.Dispose();
        _libCrypto?.Dispose();
    }

    private void Append(ReadOnlySpan<byte> data)
    {
        if (!data.IsEmpty)
        {
            _platform!.AppendData(data);
        }
    }
}
