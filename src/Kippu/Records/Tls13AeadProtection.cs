using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Kippu.Alerts;
using Kippu.Crypto;
using Kippu.KeySchedule;
using Kippu.Wire;

namespace Kippu.Records;

/// <summary>
/// Records of TLS 1.3 (RFC 8446 §5.2): what a record holds is sealed together with its type, and from outside every record is application data. The nonce is
/// the IV, XORed with the sequence number (§5.3); the header is authenticated.
/// <code>
/// struct {
///     opaque content[TLSPlaintext.length];
///     ContentType type;
///     uint8 zeros[length_of_padding];
/// } TLSInnerPlaintext;
/// struct {
///     ContentType opaque_type = application_data;         /* 23 */
///     ProtocolVersion legacy_record_version = 0x0303;
///     uint16 length;
///     opaque encrypted_record[TLSCiphertext.length];
/// } TLSCiphertext;
/// </code>
/// </summary>
internal sealed class Tls13AeadProtection : RecordProtection
{
    private const int MaxKeyLength = 32;

    private readonly Aead _aead;
    private uint _ivHead;
    private ulong _ivTail;

    /// <param name="suite">A suite of TLS 1.3.</param>
    /// <param name="key">client_write_key or server_write_key; copied.</param>
    /// <param name="iv">client_write_iv or server_write_iv; copied.</param>
    public Tls13AeadProtection(CipherSuite suite, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(iv.Length, Aead.NonceLength);
        _aead = Aead.Create(suite.Aead, key);
        _ivHead = BinaryPrimitives.ReadUInt32BigEndian(iv);
        _ivTail = BinaryPrimitives.ReadUInt64BigEndian(iv[sizeof(uint)..]);

        // RFC 8446 §5.5: "For AES-GCM, up to 2^24.5 full-size records (about 24 million) may be encrypted on a given connection"; "For ChaCha20/Poly1305, the
        // record sequence number would wrap before the safety limit is reached."
        RecordsBeforeUpdate = suite.Aead == AeadAlgorithm.ChaCha20Poly1305 ? ulong.MaxValue : 1UL << 24;
    }

    public override bool IsProtected => true;

    /// <summary>The type and the tag.</summary>
    public override int Overhead => InnerOverhead + Aead.TagLength;

    /// <summary>The type, of one byte.</summary>
    public override int InnerOverhead => 1;

    public override ulong RecordsBeforeUpdate { get; }

    /// <summary>The protection that follows from a traffic secret (RFC 8446 §7.3), which stays the caller's.</summary>
    public static Tls13AeadProtection From(TrafficSecret secret)
    {
        Span<byte> key = stackalloc byte[MaxKeyLength];
        Span<byte> iv = stackalloc byte[Aead.NonceLength];
        key = key[..secret.Suite.KeyLength];
        try
        {
            secret.ExpandKeys(key, iv);
            return new Tls13AeadProtection(secret.Suite, key, iv);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(iv);
        }
    }

    public override int Seal(ulong sequence, ContentType type, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        InsistOnRoom(plaintext.Length, destination.Length);
        var length = Overhead + plaintext.Length;
        new RecordHeader(ContentType.ApplicationData, (ushort)TlsVersion.Tls12, length).Write(destination);

        // The platform's ciphers take one piece: content and type are put together where the ciphertext will be.
        var inner = destination.Slice(RecordLimits.HeaderLength, plaintext.Length + InnerOverhead);
        plaintext.CopyTo(inner);
        inner[^1] = (byte)type;

        Span<byte> nonce = stackalloc byte[Aead.NonceLength];
        BuildNonce(sequence, nonce);
        var tag = destination.Slice(RecordLimits.HeaderLength + inner.Length, Aead.TagLength);
        _aead.Seal(nonce, inner, inner, tag, destination[..RecordLimits.HeaderLength]);
        return RecordLimits.HeaderLength + length;
    }

    public override int Open(ulong sequence, in RecordHeader header, ReadOnlySpan<byte> fragment, Span<byte> destination, out ContentType type) =>
        TryOpen(sequence, header, fragment, destination, out type, out var length)
            ? length
            : throw new TlsFaultException(TlsFault.BadRecordMac, $"record: number {sequence} under this key is not authentic");

    /// <summary>Opens a fragment; false if it is not authentic under this key, which after rejected early data is no fault (RFC 8446 §4.2.10).</summary>
    /// <exception cref="TlsFaultException">It is longer than a record may be, not protected, or authentic but without a type.</exception>
    public override bool TryOpen(
        ulong sequence, in RecordHeader header, ReadOnlySpan<byte> fragment, Span<byte> destination, out ContentType type, out int length)
    {
        type = default;
        length = 0;
        CheckOutside(header, fragment.Length);
        var innerLength = fragment.Length - Aead.TagLength;
        if (innerLength < 0)
        {
            // RFC 8446 §5.2: "If the decryption fails, the receiver MUST terminate the connection with a "bad_record_mac" alert": no tag, not authentic.
            return false;
        }

        // The caller has room for what the record can hold at most, which is a byte less than what is decrypted: the type. Where that one byte is missing
        // the record is decrypted elsewhere.
        if (destination.Length >= innerLength)
        {
            return TryOpenInto(sequence, header, fragment, destination[..innerLength], out type, out length);
        }

        var scratch = ArrayPool<byte>.Shared.Rent(innerLength);
        var inner = scratch.AsSpan(0, innerLength);
        try
        {
            if (!TryOpenInto(sequence, header, fragment, inner, out type, out length))
            {
                return false;
            }

            inner[..length].CopyTo(destination);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(inner);
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    public override void Dispose()
    {
        _aead.Dispose();
        _ivHead = 0;
        _ivTail = 0;
    }

    private static void CheckOutside(in RecordHeader header, int fragmentLength)
    {
        // RFC 8446 §5.2: "The outer opaque_type field of a TLSCiphertext record is always set to the value 23".
        if (header.Type != ContentType.ApplicationData)
        {
            throw new TlsFaultException(TlsFault.UnexpectedRecord, $"record: one of type {header.Type} where all are protected");
        }

        // RFC 8446 §5.2: "The length MUST NOT exceed 2^14 + 256 bytes. An endpoint that receives a record that exceeds this length MUST terminate the
        // connection with a "record_overflow" alert."
        if (fragmentLength > RecordLimits.MaxCiphertext13)
        {
            throw new TlsFaultException(TlsFault.RecordOverflow, $"record: length {fragmentLength} exceeds {RecordLimits.MaxCiphertext13}");
        }
    }

    private bool TryOpenInto(ulong sequence, in RecordHeader header, ReadOnlySpan<byte> fragment, Span<byte> inner, out ContentType type, out int length)
    {
        // RFC 8446 §5.2: additional_data = TLSCiphertext.opaque_type || TLSCiphertext.legacy_record_version || TLSCiphertext.length.
        Span<byte> associated = stackalloc byte[RecordLimits.HeaderLength];
        new RecordHeader(header.Type, header.Version, fragment.Length).Write(associated);
        Span<byte> nonce = stackalloc byte[Aead.NonceLength];
        BuildNonce(sequence, nonce);
        if (!_aead.TryOpen(nonce, fragment[..inner.Length], fragment[inner.Length..], inner, associated))
        {
            type = default;
            length = 0;
            return false;
        }

        // RFC 8446 §5.4: "the full encoded TLSInnerPlaintext MUST NOT exceed 2^14 + 1 octets".
        if (inner.Length > RecordLimits.MaxPlaintext + 1)
        {
            CryptographicOperations.ZeroMemory(inner);
            throw new TlsFaultException(TlsFault.RecordOverflow, $"record: {inner.Length} bytes of TLSInnerPlaintext exceed {RecordLimits.MaxPlaintext + 1}");
        }

        (type, length) = TakeType(inner);
        return true;
    }

    /// <summary>
    /// RFC 8446 §5.4: "upon successful decryption of a TLSCiphertext.encrypted_record, the receiving implementation scans the field from the end toward the
    /// beginning until it finds a non-zero octet. This non-zero octet is the content type of the message."
    /// </summary>
    private static (ContentType Type, int Length) TakeType(Span<byte> inner)
    {
        var length = inner.LastIndexOfAnyExcept((byte)0);

        // "If a receiving implementation does not find a non-zero octet in the cleartext, it MUST terminate the connection with an "unexpected_message" alert."
        if (length < 0)
        {
            throw new TlsFaultException(TlsFault.UnexpectedRecord, "record: nothing but zeros, and no content type");
        }

        // §5: "a protected change_cipher_spec record MUST abort the handshake with an "unexpected_message" alert", as any type that is not defined.
        var type = (ContentType)inner[length];
        if (type is not (ContentType.Alert or ContentType.Handshake or ContentType.ApplicationData))
        {
            CryptographicOperations.ZeroMemory(inner);
            throw new TlsFaultException(TlsFault.UnexpectedRecord, $"record: a protected record of type {(byte)type}");
        }

        // The caller's memory gets the content and nothing else of ours.
        inner[length] = 0;
        return (type, length);
    }

    private void BuildNonce(ulong sequence, Span<byte> nonce)
    {
        BinaryPrimitives.WriteUInt32BigEndian(nonce, _ivHead);
        BinaryPrimitives.WriteUInt64BigEndian(nonce[sizeof(uint)..], _ivTail ^ sequence);
    }
}
