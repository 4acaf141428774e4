using System.Buffers;
using System.Security.Cryptography;
using Kippu.Alerts;
using Kippu.Wire;

namespace Kippu.Records;

/// <summary>
/// Puts handshake messages together from the fragments of records: a message may be spread over several, and several may share one
/// (RFC 5246 §6.2.1).
/// </summary>
/// <remarks>
/// Not thread-safe. The memory is rented at the first fragment and given back, cleared, by <see cref="Compact"/> when nothing is left. It is bounded:
/// whoever takes the messages out after each fragment holds no more than the longest message and one fragment.
/// </remarks>
internal sealed class HandshakeAssembler : IDisposable
{
    private const int HeaderLength = 4;

    private byte[] _buffer = [];
    private int _start;
    private int _end;

    /// <summary>Whether something is left that is not a whole message: a change of keys is not allowed then.</summary>
    /// <remarks>Take the whole messages out first.</remarks>
    public bool HasPartial => _end > _start;

    /// <summary>The type of a message that has begun; null if there is none.</summary>
    /// <remarks>As for <see cref="HasPartial"/>.</remarks>
    public HandshakeType? PartialType => HasPartial ? (HandshakeType)_buffer[_start] : null;

    /// <summary>The longest body that we accept, in bytes.</summary>
    /// <remarks>
    /// The syntax would allow 2^24. All extensions of a hello together have 65,535 bytes at most (RFC 5246 §7.4.1.4), and a NewSessionTicket little more
    /// (RFC 5077 §3.3); certificate chains may be longer.
    /// </remarks>
    public static int MaxMessageLength(HandshakeType type) => type == HandshakeType.Certificate ? 128 * 1024 : (64 * 1024) + 1024;

    /// <summary>Takes the plaintext of one record. Messages that were handed out are no longer valid.</summary>
    public void Append(ReadOnlySpan<byte> fragment)
    {
        if (_buffer.Length - _end < fragment.Length)
        {
            MakeRoom(fragment.Length);
        }

        fragment.CopyTo(_buffer.AsSpan(_end));
        _end += fragment.Length;
    }

    /// <summary>The next whole message, valid until the next <see cref="Append"/> or <see cref="Compact"/>.</summary>
    /// <exception cref="TlsFaultException"><see cref="TlsFault.HandshakeMessageTooLarge"/>, as soon as the header says so.</exception>
    public bool TryNext(out HandshakeMessage message)
    {
        message = default;
        var available = _buffer.AsSpan(_start, _end - _start);
        if (available.Length < HeaderLength)
        {
            return false;
        }

        var type = (HandshakeType)available[0];
        var length = (available[1] << 16) | (available[2] << 8) | available[3];
        if (length > MaxMessageLength(type))
        {
            throw new TlsFaultException(
                TlsFault.HandshakeMessageTooLarge, $"{type}: a body of {length} bytes exceeds the limit of {MaxMessageLength(type)}");
        }

        if (available.Length < HeaderLength + length)
        {
            return false;
        }

        message = new HandshakeMessage(type, _buffer.AsMemory(_start, HeaderLength + length));
        _start += HeaderLength + length;
        return true;
    }

    /// <summary>Gives the memory back if nothing is left. Messages that were handed out are no longer valid.</summary>
    public void Compact()
    {
        if (!HasPartial)
        {
            Release();
        }
    }

    public void Dispose() => Release();

    private void MakeRoom(int needed)
    {
        var left = _end - _start;
        if (_buffer.Length - left >= needed)
        {
            _buffer.AsSpan(_start, left).CopyTo(_buffer);
            CryptographicOperations.ZeroMemory(_buffer.AsSpan(left, _end - left));
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(left + needed, _buffer.Length * 2));
            _buffer.AsSpan(_start, left).CopyTo(larger);
            Release();
            _buffer = larger;
        }

        _start = 0;
        _end = left;
    }

    private void Release()
    {
        if (_buffer.Length > 0)
        {
            CryptographicOperations.ZeroMemory(_buffer.AsSpan(0, _end));
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }

        _start = 0;
        _end = 0;
    }
}
