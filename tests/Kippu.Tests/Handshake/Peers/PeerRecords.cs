using Kippu.Records;
using Kippu.Wire;

namespace Kippu.Tests.Handshake.Peers;

/// <summary>
/// The record layer of a peer that keeps no rule: records of any type, version and length, in clear or under the keys of the moment. It counts records, and
/// checks nothing that the protection itself does not check.
/// </summary>
internal sealed class PeerRecords : IDisposable
{
    private RecordProtection _reads = new ClearProtection();
    private RecordProtection _writes = new ClearProtection();
    private ulong _readNumber;
    private ulong _writeNumber;

    /// <summary>The most bytes of content in one record; what is longer is split.</summary>
    public int FragmentLength { get; set; } = RecordLimits.MaxPlaintext;

    /// <summary>The victim has taken the ServerHello: its alerts are protected from now on (RFC 8446 §6).</summary>
    public bool HasToProtect { get; set; }

    public bool ReadsProtected => _reads.IsProtected;

    public bool WritesProtected => _writes.IsProtected;

    /// <summary>Content of one type in as many records as it takes; nothing at all becomes one empty record.</summary>
    public byte[] Seal(ContentType type, ReadOnlySpan<byte> content)
    {
        var wire = new List<byte>();
        do
        {
            var length = Math.Min(content.Length, FragmentLength);
            wire.AddRange(SealOne(type, content[..length]));
            content = content[length..];
        }
        while (!content.IsEmpty);
        return [.. wire];
    }

    /// <summary>A record in clear with a header that says anything at all.</summary>
    public static byte[] Clear(byte type, ushort version, int length, ReadOnlySpan<byte> fragment) =>
        [type, (byte)(version >> 8), (byte)version, (byte)(length >> 8), (byte)length, .. fragment];

    /// <summary>The records in these bytes, one by one, so that keys can change between them.</summary>
    public IEnumerable<PeerRecord> Open(byte[] wire)
    {
        var position = 0;
        while (RecordHeader.TryParse(wire.AsSpan(position), out var header))
        {
            var fragment = wire.AsSpan(position + RecordLimits.HeaderLength, header.Length);
            position += RecordLimits.HeaderLength + header.Length;
            if (_reads.InnerOverhead > 0 && header.Type != ContentType.ApplicationData && !(HasToProtect && header.Type == ContentType.Alert))
            {
                // TLS 1.3: a ChangeCipherSpec of compatibility, or the alert of one that has refused the very ServerHello.
                yield return new PeerRecord(header.Type, fragment.ToArray(), IsProtected: false);
                continue;
            }

            var content = new byte[_reads.PlaintextLength(header.Length)];
            var length = _reads.Open(_readNumber++, header, fragment, content, out var type);
            yield return new PeerRecord(type, content[..length], _reads.IsProtected);
        }

        if (position != wire.Length)
        {
            throw new InvalidOperationException($"{wire.Length - position} bytes are no record");
        }
    }

    public void ChangeReadKeys(RecordProtection protection)
    {
        _reads.Dispose();
        _reads = protection;
        _readNumber = 0;
    }

    public void ChangeWriteKeys(RecordProtection protection)
    {
        _writes.Dispose();
        _writes = protection;
        _writeNumber = 0;
    }

    public void Dispose()
    {
        _reads.Dispose();
        _writes.Dispose();
    }

    private byte[] SealOne(ContentType type, ReadOnlySpan<byte> content)
    {
        var record = new byte[RecordLimits.HeaderLength + _writes.Overhead + content.Length];
        var length = _writes.Seal(_writeNumber++, type, content, record);
        return record[..length];
    }
}
