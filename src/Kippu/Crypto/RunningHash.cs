using System.Security.Cryptography;
using Kippu.Crypto.OpenSsl;

namespace Kippu.Crypto;

/// <summary>A hash that goes on after it was asked for its value.</summary>
/// <remarks>One user at a time.</remarks>
internal sealed class RunningHash : IDisposable
{
    private readonly IncrementalHash? _platform;
    private readonly LibCryptoDigest? _libCrypto;

    public RunningHash(HashAlgorithmName hash)
        : this(hash, CryptoBackends.Preferred)
    {
    }

    public RunningHash(HashAlgorithmName hash, CryptoBackend backend)
    {
        if (backend == CryptoBackend.LibCrypto && LibCrypto.Digest(hash) is not 0 and var digest)
        {
            _libCrypto = new LibCryptoDigest(digest);
            Length = hash == HashAlgorithmName.SHA256 ? SHA256.HashSizeInBytes : SHA384.HashSizeInBytes;
            return;
        }

        _platform = IncrementalHash.CreateHash(hash);
        Length = _platform.HashLengthInBytes;
    }

    /// <summary>The length of the hash in bytes.</summary>
    public int Length { get; }

    public void Append(ReadOnlySpan<byte> data)
    {
        if (_libCrypto is { } libCrypto)
        {
            libCrypto.Append(data);
        }
        else
        {
            _platform!.AppendData(data);
        }
    }

    /// <summary>The hash of everything so far; returns its length.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than the hash.</exception>
    public int GetCurrentHash(Span<byte> destination)
    {
        if (_libCrypto is { } libCrypto)
        {
            libCrypto.GetCurrentHash(destination[..Length]);
            return Length;
        }

        return _platform!.GetCurrentHash(destination);
    }

    /// <summary>Forgets everything so far.</summary>
    public void Restart()
    {
        if (_libCrypto is { } libCrypto)
        {
            libCrypto.Restart();
            return;
        }

        Span<byte> forgotten = stackalloc byte[SHA512.HashSizeInBytes];
        _platform!.GetHashAndReset(forgotten);
    }

    public void Dispose()
    {
        _platform?.Dispose();
        _libCrypto?.Dispose();
    }
}
