using System.Security.Cryptography;
using Kippu.Alerts;
using Kippu.KeySchedule;
using Kippu.Records;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Records;

/// <summary>What is different for the two halves in TLS 1.3.</summary>
public sealed class RecordHalves13Tests
{
    private static CipherSuite Suite => CipherSuite.Find(0x1301)!;

    [Theory]
    [InlineData(64, 63)]
    [InlineData(100, 99)]
    [InlineData(16384, 16383)]
    [InlineData(16385, 16384)]
    [InlineData(65535, 16384)]
    public void RFC_8449_4_the_limit_includes_the_type(int announced, int effective)
    {
        using var write = new WriteHalf { MaxFragment = announced };
        using var read = new ReadHalf { MaxPlaintext = announced };
        write.Rekey(Protection());
        read.Rekey(Protection());

        Assert.Equal(effective, write.MaxFragment);
        Assert.Equal(effective, read.MaxPlaintext);
        Assert.Equal(effective, Open(read, Seal(write, new byte[effective])).Length);
        Assert.Throws<ArgumentException>(() => Seal(write, new byte[effective + 1]));
    }

    [Fact]
    public void Without_a_limit_a_record_holds_2_to_the_14()
    {
        using var write = new WriteHalf();
        write.Rekey(Protection());

        Assert.Equal(RecordLimits.MaxPlaintext, write.MaxFragment);
    }

    [Fact]
    public void A_record_beyond_the_limit_that_we_announced_is_an_overflow()
    {
        using var write = new WriteHalf();
        using var read = new ReadHalf { MaxPlaintext = 100 };
        write.Rekey(Protection());
        read.Rekey(Protection());
        var record = Seal(write, new byte[100]);
        Assert.True(RecordHeader.TryParse(record, out var header));

        Assert.Equal(TlsFault.RecordOverflow, Assert.Throws<TlsFaultException>(() => Open(read, record)).Fault);
        Assert.Equal(TlsFault.RecordOverflow, Assert.Throws<TlsFaultException>(() => read.TryOpen(header, record.AsSpan(5), new byte[200], out _, out _)).Fault);
    }

    [Fact]
    public void RFC_8446_4_2_10_records_under_another_key_are_skipped_and_not_counted()
    {
        using var early = new WriteHalf();
        using var write = new WriteHalf();
        using var read = new ReadHalf();
        early.Rekey(new Tls13AeadProtection(Suite, Enumerable.Repeat((byte)1, 16).ToArray(), new byte[12]));
        write.Rekey(Protection());
        read.Rekey(Protection());
        var destination = new byte[100];
        for (var i = 0; i < 3; i++)
        {
            var skipped = Seal(early, new byte[20]);
            Assert.True(RecordHeader.TryParse(skipped, out var foreign));
            Assert.False(read.TryOpen(foreign, skipped.AsSpan(5), destination, out _, out _));
        }

        var record = Seal(write, [1, 2, 3]);
        Assert.True(RecordHeader.TryParse(record, out var header));
        Assert.True(read.TryOpen(header, record.AsSpan(5), destination, out var type, out var length));
        Assert.Equal([1, 2, 3], destination[..length]);
        Assert.Equal(ContentType.ApplicationData, type);
        Assert.Equal([4], Open(read, Seal(write, [4])));
    }

    [Theory]
    [InlineData(0x1301, true)]
    [InlineData(0x1302, true)]
    [InlineData(0x1303, false)] // "the record sequence number would wrap before the safety limit is reached"
    public void RFC_8446_5_5_AES_GCM_wants_a_new_key_before_2_to_the_24_5_records(ushort id, bool due)
    {
        var suite = CipherSuite.Find(id)!;
        using var write = new WriteHalf();
        Assert.False(write.IsKeyUpdateDue);
        write.Rekey(new Tls13AeadProtection(suite, new byte[suite.KeyLength], new byte[12]), firstSequence: (1UL << 24) - 1);
        Assert.False(write.IsKeyUpdateDue);
        Seal(write, [1]);

        Assert.Equal(due, write.IsKeyUpdateDue);
        write.Rekey(new Tls13AeadProtection(suite, new byte[suite.KeyLength], new byte[12]));
        Assert.False(write.IsKeyUpdateDue);
    }

    [Fact]
    public void Both_sides_go_on_under_the_next_key_after_an_update()
    {
        using var early = EarlySecret.WithoutPsk(HashAlgorithmName.SHA256);
        using var master = early.ToHandshakeSecret(Suite, new byte[32]).ToMasterSecret();
        using var first = master.DeriveClientTraffic(new byte[32]);
        using var write = new WriteHalf();
        using var read = new ReadHalf();
        write.Rekey(Tls13AeadProtection.From(first));
        read.Rekey(Tls13AeadProtection.From(first));
        Assert.Equal([1], Open(read, Seal(write, [1])));

        using var next = first.ToNext();
        write.Rekey(Tls13AeadProtection.From(next));
        var record = Seal(write, [2]);
        Assert.Equal(TlsFault.BadRecordMac, Assert.Throws<TlsFaultException>(() => Open(read, record)).Fault);
        read.Rekey(Tls13AeadProtection.From(next));
        Assert.Equal([2], Open(read, record));
    }

    private static Tls13AeadProtection Protection() => new(Suite, new byte[16], new byte[12]);

    private static byte[] Seal(WriteHalf write, byte[] plaintext)
    {
        var record = new byte[RecordLimits.HeaderLength + write.Overhead + plaintext.Length];
        return record[..write.Seal(ContentType.ApplicationData, plaintext, record)];
    }

    private static byte[] Open(ReadHalf read, byte[] record)
    {
        Assert.True(RecordHeader.TryParse(record, out var header));
        var destination = new byte[read.PlaintextLength(header.Length)];
        return destination[..read.Open(header, record.AsSpan(RecordLimits.HeaderLength), destination, out _)];
    }
}
