using System.Security.Cryptography;

namespace Kippu.Crypto;

/// <summary>
/// HMAC objects for one key that many threads share. Each is used by one thread at a time; those that nobody uses are kept, up to one for each
/// processor.
/// </summary>
/// <remarks>
/// Thread-safe. Rent and return may race with dispose: an object that is returned late is disposed at once, and renting throws
/// <see cref="ObjectDisposedException"/>.
/// </remarks>
internal sealed class HmacPool : IDisposable
{
    private readonly HashAlgorithmName _hash;
    private readonly HmacKey?[] _idle = new HmacKey?[Math.Clamp(Environment.ProcessorCount, 2, 64)];
    private readonly Lock _lock = new();
    private readonly SecretBytes _key;
    private int _count;
    private bool _disposed;

    public HmacPool(HashAlgorithmName hash, ReadOnlySpan<byte> key)
    {
        _hash = hash;
        _key = SecretBytes.CopyOf(key);
    }

    public HmacKey Rent()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_count > 0)
            {
                var idle = _idle[--_count]!;
                _idle[_count] = null;
                return idle;
            }

            // Under the lock, because dispose would clear the key under our hands; it happens once for each thread at most.
            return new HmacKey(_hash, _key.Span);
        }
    }

    public void Return(HmacKey hmac)
    {
        lock (_lock)
        {
            if (!_disposed && _count < _idle.Length)
            {
                _idle[_count++] = hmac;
                return;
            }
        }

        hmac.Dispose();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _key.Dispose();
            while (_count > 0)
            {
                _idle[--_count]!.Dispose();
                _idle[_count] = null;
            }
        }
    }
}
