using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Kippu.Crypto;
using Kippu.Wire;

namespace Kippu.Resumption;

/// <summary>
/// Seals and opens states: bytes and keys only, no time but for the state of a key, no policy. The layout is the one that RFC 5077 §4 recommends:
/// <code>
/// struct {
///     opaque key_name[16];                  /* key_id[8] | scope_tag[8] */
///     opaque iv[16];
///     opaque encrypted_state&lt;0..2^16-1&gt;;   /* AES-256-CBC */
///     opaque mac[32];                       /* HMAC-SHA-256 over all that stands before it */
/// } ticket;
/// </code>
/// A value of the session-ID cache has the same layout, other keys, and a MAC that covers the cache key first.
/// </summary>
/// <remarks>Thread-safe. Keys are found by name, never by trial, and the MAC is verified before anything is decrypted.</remarks>
internal sealed class TicketCipher(SessionScope scope, SealingPurpose purpose) : IDisposable
{
    public const int NameLength = 16;
    public const int MacLength = 32;

    /// <summary>The state is padded to steps of this length, which hides small differences (and no large ones).</summary>
    public const int PaddingStep = 128;

    /// <summary>What stands before the encrypted state: the name, the IV and the length.</summary>
    public const int HeaderLength = NameLength + AesCbc.BlockLength + sizeof(ushort);

    /// <summary>The longest that can be sealed, padding included.</summary>
    public const int MaxPaddedLength = SessionStateCodec.MaxSealedLength + 1;

    private readonly SealingKeyCache _keys = new(scope);

    /// <summary>True if something of this length can have been sealed here: whatever else is malformed before any cryptography.</summary>
    public static bool IsPossibleLength(int length)
    {
        var padded = length - HeaderLength - MacLength;
        return padded is > 0 and <= MaxPaddedLength && padded % PaddingStep == 0;
    }

    /// <summary>
    /// Seals what stands in <paramref name="buffer"/> from <paramref name="start"/> on: <see cref="HeaderLength"/> bytes of room and the state after them.
    /// False if the key has no secret any more; the caller then takes the bytes back.
    /// </summary>
    /// <param name="buffer">The state, and then the sealed bytes in its place.</param>
    /// <param name="start">Where the room starts.</param>
    /// <param name="ring">The ring in force.</param>
    /// <param name="key">Its sealing key.</param>
    /// <param name="version">The version of TLS that the state is for.</param>
    /// <param name="boundTo">Covered by the MAC and not part of the result; empty for a ticket.</param>
    public bool TrySeal(WireBuffer buffer, int start, TicketKeyRing ring, TicketKey key, TlsVersion version, ReadOnlySpan<byte> boundTo)
    {
        _keys.Follow(ring);
        if (!_keys.TryGetTag(key, purpose, version, out var tag) || !TryRent(key, version, out var keys, out var worker))
        {
            return false;
        }

        try
        {
            var padded = Pad(buffer, start + HeaderLength);
            buffer.Reserve(MacLength);
            var sealedBytes = buffer.Patch(start, HeaderLength + padded + MacLength);
            key.Id.Write(sealedBytes);
            BinaryPrimitives.WriteUInt64BigEndian(sealedBytes[TicketKeyId.Length..], tag);
            var iv = sealedBytes.Slice(NameLength, AesCbc.BlockLength);
            PublicRandom.Fill(iv);
            BinaryPrimitives.WriteUInt16BigEndian(sealedBytes[(HeaderLength - sizeof(ushort))..], (ushort)padded);
            var state = sealedBytes.Slice(HeaderLength, padded);
            worker.Cipher.Encrypt(iv, state, state);
            ComputeMac(worker.Mac, boundTo, sealedBytes[..^MacLength], sealedBytes[^MacLength..]);
            return true;
        }
        finally
        {
            keys.Return(worker);
        }
    }

    /// <summary>Opens what a client, or a store, presents: any bytes at all. Never throws.</summary>
    /// <param name="sealedBytes">The bytes.</param>
    /// <param name="ring">The keys.</param>
    /// <param name="now">Decides the state of the key.</param>
    /// <param name="version">The version of TLS that is being spoken.</param>
    /// <param name="boundTo">As it was when sealing.</param>
    /// <param name="plaintext">As long as <paramref name="sealedBytes"/> at least. The caller clears it.</param>
    /// <param name="length">The length of the state in <paramref name="plaintext"/>.</param>
    /// <param name="key">The key by which it was sealed, if its name is in the ring.</param>
    public TicketRefusal Open(
        ReadOnlySpan<byte> sealedBytes,
        TicketKeyRing ring,
        DateTimeOffset now,
        TlsVersion version,
        ReadOnlySpan<byte> boundTo,
        Span<byte> plaintext,
        out int length,
        out TicketKey? key)
    {
        length = 0;
        key = null;
        if (!IsPossibleLength(sealedBytes.Length)
            || BinaryPrimitives.ReadUInt16BigEndian(sealedBytes[(HeaderLength - sizeof(ushort))..]) != sealedBytes.Length - HeaderLength - MacLength)
        {
            return TicketRefusal.Malformed;
        }

        _keys.Follow(ring);
        var refusal = FindKey(sealedBytes, ring, now, version, out key);
        if (refusal != TicketRefusal.None)
        {
            return refusal;
        }

        if (!TryRent(key!, version, out var keys, out var worker))
        {
            return TicketRefusal.UnknownKey;
        }

        try
        {
            return VerifyAndDecrypt(worker, sealedBytes, boundTo, plaintext, out length);
        }
        finally
        {
            keys.Return(worker);
        }
    }

    public void Dispose() => _keys.Dispose();

    private TicketRefusal FindKey(ReadOnlySpan<byte> sealedBytes, TicketKeyRing ring, DateTimeOffset now, TlsVersion version, out TicketKey? key)
    {
        key = ring.Find(TicketKeyId.Read(sealedBytes));
        if (key is null)
        {
            return TicketRefusal.UnknownKey;
        }

        switch (key.StateAt(now))
        {
            case TicketKeyState.Revoked:
                return TicketRefusal.RevokedKey;
            case TicketKeyState.Erased:
                return TicketRefusal.ErasedKey;
        }

        if (!_keys.TryGetTag(key, purpose, version, out var expected))
        {
            return TicketRefusal.UnknownKey;
        }

        var tag = BinaryPrimitives.ReadUInt64BigEndian(sealedBytes[TicketKeyId.Length..]);
        if (tag == expected)
        {
            return TicketRefusal.None;
        }

        var other = version == TlsVersion.Tls12 ? TlsVersion.Tls13 : TlsVersion.Tls12;
        return _keys.TryGetTag(key, purpose, other, out var tagOfOther) && tag == tagOfOther ? TicketRefusal.WrongVersion : TicketRefusal.WrongScope;
    }

    private bool TryRent(
        TicketKey key, TlsVersion version, [NotNullWhen(true)] out SealingKeys? keys, [NotNullWhen(true)] out SealingKeys.Worker? worker)
    {
        // The keys may be dropped between the two steps, when another thread follows a new ring or makes room; then they are derived again.
        do
        {
            keys = _keys.GetKeys(key, purpose, version);
            worker = keys?.Rent();
        }
        while (keys is not null && worker is null);
        return worker is not null;
    }

    private static TicketRefusal VerifyAndDecrypt(
        SealingKeys.Worker worker, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> boundTo, Span<byte> plaintext, out int length)
    {
        length = 0;
        Span<byte> mac = stackalloc byte[MacLength];
        ComputeMac(worker.Mac, boundTo, sealedBytes[..^MacLength], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, sealedBytes[^MacLength..]))
        {
            return TicketRefusal.BadMac;
        }

        var padded = plaintext[..(sealedBytes.Length - HeaderLength - MacLength)];
        worker.Cipher.Decrypt(sealedBytes.Slice(NameLength, AesCbc.BlockLength), sealedBytes.Slice(HeaderLength, padded.Length), padded);
        return TryUnpad(padded, out length) ? TicketRefusal.None : TicketRefusal.Malformed;
    }

    private static void ComputeMac(HmacKey mac, ReadOnlySpan<byte> boundTo, ReadOnlySpan<byte> data, Span<byte> destination)
    {
        if (boundTo.IsEmpty)
        {
            mac.Compute(data, destination);
        }
        else
        {
            mac.Compute(boundTo, data, destination);
        }
    }

    /// <summary>PKCS #7's rule with steps of 128 bytes: n bytes of value n, at least one. Returns the padded length.</summary>
    private static int Pad(WireBuffer buffer, int start)
    {
        var count = PaddingStep - ((buffer.Length - start) % PaddingStep);
        buffer.Reserve(count).Fill((byte)count);
        return buffer.Length - start;
    }

    private static bool TryUnpad(ReadOnlySpan<byte> padded, out int length)
    {
        var count = padded[^1];
        length = padded.Length - count;
        return count is > 0 and <= PaddingStep && !padded[length..].ContainsAnyExcept(count);
    }
}
