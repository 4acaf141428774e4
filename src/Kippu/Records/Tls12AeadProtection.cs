using System.Buffers.Binary;
using Kippu.Alerts;
using Kippu.Crypto;
using Kippu.Wire;

namespace Kippu.Records;

/// <summary>
/// Records of TLS 1.2 under an AEAD (RFC 5246 §6.2.3.3). AES-GCM (RFC 5288 §3): a nonce of four secret bytes and eight that stand before the
/// ciphertext, here the sequence number. ChaCha20-Poly1305 (RFC 7905 §2): twelve secret bytes, XORed with the sequence number; nothing is sent.
/// </summary>
internal sealed class Tls12AeadProtection : RecordProtection
{
    /// <summary>seq_num[8] + type[1] + version[2] + length[2].</summary>
    private const int AssociatedDataLength = 13;

    private readonly Aead _aead;
    private readonly int _explicitLength;

    // The twelve bytes of the nonce that come from the key block, as numbers; the last eight are zero for AES-GCM, which sends them.
    private uint _ivHead;
    private ulong _ivTail;

    /// <param name="suite">A suite of TLS 1.2.</param>
    /// <param name="key">client_write_key or server_write_key; copied.</param>
    /// <param name="iv">client_write_IV or server_write_IV; copied.</param>
    public Tls12AeadProtection(CipherSuite suite, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(iv.Length, suite.FixedIvLength);
        _aead = Aead.Create(suite.Aead, key);
        _explicitLength = Aead.NonceLength - iv.Length;
        _ivHead = BinaryPrimitives.ReadUInt32BigEndian(iv);
        _ivTail = _explicitLength == 0 ? BinaryPrimitives.ReadUInt64BigEndian(iv[sizeof(uint)..]) : 0;
    }

    public override bool IsProtected => true;

    public override int Overhead => _explicitLength + Aead.TagLength;

    public override int Seal(ulong sequence, ContentType type, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        InsistOnRoom(plaintext.Length, destination.Length);
        var header = new RecordHeader(type, (ushort)TlsVersion.Tls12, Overhead + plaintext.Length);
        header.Write(destination);
        var fragment = destination.Slice(RecordLimits.HeaderLength, header.Length);
        if (_explicitLength > 0)
        {
            BinaryPrimitives.WriteUInt64BigEndian(fragment, sequence);
        }

        Span<byte> nonce = stackalloc byte[Aead.NonceLength];
        Span<byte> associated = stackalloc byte[AssociatedDataLength];
        BuildNonce(sequence, fragment, nonce);
        BuildAssociatedData(sequence, header, plaintext.Length, associated);
        _aead.Seal(nonce, plaintext, fragment.Slice(_explicitLength, plaintext.Length), fragment[^Aead.TagLength..], associated);
        return RecordLimits.HeaderLength + header.Length;
    }

    public override int Open(ulong sequence, in RecordHeader header, ReadOnlySpan<byte> fragment, Span<byte> destination, out ContentType type)
    {
        var length = fragment.Length - Overhead;
        if (length < 0)
        {
            // RFC 5246 §6.2.3.3: "If the decryption fails, a fatal bad_record_mac alert MUST be generated": what has no tag cannot be authentic.
            throw new TlsFaultException(TlsFault.BadRecordMac, $"record: {fragment.Length} bytes are shorter than nonce and tag");
        }

        if (length > RecordLimits.MaxPlaintext)
        {
            throw new TlsFaultException(TlsFault.RecordOverflow, $"record: {length} bytes of plaintext exceed {RecordLimits.MaxPlaintext}");
        }

        Span<byte> nonce = stackalloc byte[Aead.NonceLength];
        Span<byte> associated = stackalloc byte[AssociatedDataLength];
        BuildNonce(sequence, fragment, nonce);
        BuildAssociatedData(sequence, header, length, associated);
        if (!_aead.TryOpen(nonce, fragment.Slice(_explicitLength, length), fragment[^Aead.TagLength..], destination[..length], associated))
        {
            throw new TlsFaultException(TlsFault.BadRecordMac, $"record: number {sequence} under this key is not authentic");
        }

        type = header.Type;
        return length;
    }

    public override void Dispose()
    {
        _aead.Dispose();
        _ivHead = 0;
        _ivTail = 0;
    }

    /// <summary>RFC 5246 §6.2.3.3: additional_data = seq_num + TLSCompressed.type + TLSCompressed.version + TLSCompressed.length.</summary>
    private static void BuildAssociatedData(ulong sequence, in RecordHeader header, int plaintextLength, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, sequence);
        new RecordHeader(header.Type, header.Version, plaintextLength).Write(destination[8..]);
    }

    private void BuildNonce(ulong sequence, ReadOnlySpan<byte> fragment, Span<byte> nonce)
    {
        // The explicit part is the sender's choice (RFC 5288 §3): a peer's need not be the sequence number.
        var tail = _explicitLength > 0 ? BinaryPrimitives.ReadUInt64BigEndian(fragment) : _ivTail ^ sequence;
        BinaryPrimitives.WriteUInt32BigEndian(nonce, _ivHead);
        BinaryPrimitives.WriteUInt64BigEndian(nonce[sizeof(uint)..], tail);
    }
}
