using System.Security.Cryptography;
using Kippu.Crypto;

namespace Kippu.Resumption;

/// <summary>
/// The secret of one ring key. Successive rings share it: each ring that lists the key owns it once, and the last to let go clears it. Whoever reads
/// it while rings may be swapped under its hands owns it for that time too.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class TicketKeySecret
{
    public const int Length = 32;

    private readonly Lock _lock = new();
    private readonly SecretBytes _bytes;
    private int _owners;
    private bool _cleared;

    /// <summary>Takes the bytes over. Nobody owns the new secret yet.</summary>
    public TicketKeySecret(SecretBytes bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Length);
        _bytes = bytes;
    }

    /// <summary>Only for an owner.</summary>
    public ReadOnlySpan<byte> Span => _bytes.Span;

    /// <summary>True once the last owner has let go.</summary>
    public bool IsCleared => Volatile.Read(ref _cleared);

    public static TicketKeySecret NewRandom()
    {
        var bytes = new SecretBytes(Length);
        RandomNumberGenerator.Fill(bytes.Span);
        return new TicketKeySecret(bytes);
    }

    /// <summary>One more owner; false if the secret has been cleared already.</summary>
    public bool TryAddOwner()
    {
        lock (_lock)
        {
            if (_cleared)
            {
                return false;
            }

            _owners++;
            return true;
        }
    }

    /// <summary>One owner less. The last one clears the bytes.</summary>
    public void Release()
    {
        lock (_lock)
        {
            if (--_owners == 0)
            {
                Volatile.Write(ref _cleared, true);
                _bytes.Dispose();
            }
        }
    }

    /// <summary>True if both hold the same bytes; false too if either has been cleared.</summary>
    public bool HasSameBytesAs(TicketKeySecret other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (!TryAddOwner())
        {
            return false;
        }

        try
        {
            if (!other.TryAddOwner())
            {
                return false;
            }

            var same = CryptographicOperations.FixedTimeEquals(Span, other.Span);
            other.Release();
            return same;
        }
        finally
        {
            Release();
        }
    }

    public override string ToString() => nameof(TicketKeySecret);
}
