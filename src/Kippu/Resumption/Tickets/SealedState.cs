using System.Buffers;
using System.Security.Cryptography;
using Kippu.Wire;

namespace Kippu.Resumption;

/// <summary>The cipher and the codec together: a session to sealed bytes and back, without a copy of the state that is not cleared.</summary>
internal static class SealedState
{
    private const int StackLimit = 1024;

    /// <summary>Appends the sealed session; false, and nothing appended, if it is too long or the key is gone.</summary>
    public static bool TrySeal(
        TicketCipher cipher, TicketKeyRing ring, TicketKey key, SessionState state, in SessionStamp stamp, ReadOnlySpan<byte> boundTo, WireBuffer destination)
    {
        var start = destination.Length;
        destination.Reserve(TicketCipher.HeaderLength);
        if (SessionStateCodec.TryWriteForSealing(destination, state, stamp) && cipher.TrySeal(destination, start, ring, key, state.Version, boundTo))
        {
            return true;
        }

        destination.Truncate(start);
        return false;
    }

    /// <summary>Opens sealed bytes by the ring in force, which <paramref name="ring"/> becomes. Never throws.</summary>
    public static TicketRefusal Open(
        TicketCipher cipher,
        IRingSource source,
        DateTimeOffset now,
        TlsVersion version,
        ReadOnlySpan<byte> sealedBytes,
        ReadOnlySpan<byte> boundTo,
        out SessionState? state,
        out TicketKeyRing ring,
        out TicketKey? key)
    {
        ring = source.Current;
        var refusal = OpenBy(ring, cipher, now, version, sealedBytes, boundTo, out state, out key);
        if (refusal == TicketRefusal.UnknownKey && source.Current is var newer && !ReferenceEquals(newer, ring))
        {
            // The ring was swapped, and the old one cleared, between our reading it and using it.
            ring = newer;
            refusal = OpenBy(ring, cipher, now, version, sealedBytes, boundTo, out state, out key);
        }

        return refusal;
    }

    private static TicketRefusal OpenBy(
        TicketKeyRing ring,
        TicketCipher cipher,
        DateTimeOffset now,
        TlsVersion version,
        ReadOnlySpan<byte> sealedBytes,
        ReadOnlySpan<byte> boundTo,
        out SessionState? state,
        out TicketKey? key)
    {
        state = null;
        key = null;
        if (!TicketCipher.IsPossibleLength(sealedBytes.Length))
        {
            return TicketRefusal.Malformed;
        }

        byte[]? rented = null;
        var plaintext = sealedBytes.Length <= StackLimit
            ? stackalloc byte[StackLimit]
            : (rented = ArrayPool<byte>.Shared.Rent(sealedBytes.Length)).AsSpan(0, sealedBytes.Length);
        try
        {
            var refusal = cipher.Open(sealedBytes, ring, now, version, boundTo, plaintext, out var length, out key);
            return refusal != TicketRefusal.None ? refusal : SessionStateCodec.TryRead(plaintext[..length], out state);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }
}
