using System.Net.Security;
using Kippu.Alerts;
using Kippu.Records;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Records;

public sealed class RecordHalvesTests
{
    private static CipherSuite Suite => CipherSuite.Find((ushort)TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)!;

    [Fact]
    public void Both_halves_count_alike()
    {
        using var write = new WriteHalf();
        using var read = new ReadHalf();
        write.Rekey(Protection());
        read.Rekey(Protection());
        for (byte i = 0; i < 10; i++)
        {
            Assert.Equal([i], Open(read, Seal(write, [i])));
        }
    }

    [Fact]
    public void A_record_that_comes_twice_or_out_of_order_is_refused()
    {
        using var write = new WriteHalf();
        write.Rekey(Protection());
        var first = Seal(write, [1]);
        var second = Seal(write, [2]);

        using var swapped = new ReadHalf();
        swapped.Rekey(Protection());
        AssertFault(TlsFault.BadRecordMac, () => Open(swapped, second));

        using var repeated = new ReadHalf();
        repeated.Rekey(Protection());
        Open(repeated, first);
        AssertFault(TlsFault.BadRecordMac, () => Open(repeated, first));
    }

    [Fact]
    public void A_new_key_starts_counting_anew()
    {
        using var write = new WriteHalf();
        using var read = new ReadHalf();
        Open(read, Seal(write, [0]));
        Open(read, Seal(write, [0]));
        Assert.False(write.IsProtected || read.IsProtected);
        write.Rekey(Protection());
        read.Rekey(Protection());
        Assert.True(write.IsProtected && read.IsProtected);

        var record = Seal(write, [1]);

        Assert.Equal(new byte[8], record[5..13]); // the explicit nonce is the sequence number
        Assert.Equal([1], Open(read, record));
    }

    [Fact]
    public void The_old_protection_is_disposed_by_the_new_key()
    {
        var old = Protection();
        using var write = new WriteHalf();
        write.Rekey(old);
        write.Rekey(new ClearProtection());

        Assert.Throws<ObjectDisposedException>(() => old.Seal(0, ContentType.ApplicationData, default, new byte[64]));
    }

    [Fact]
    public void Disposing_a_half_disposes_its_protection()
    {
        var (ofWrite, ofRead) = (Protection(), Protection());
        var write = new WriteHalf();
        var read = new ReadHalf();
        write.Rekey(ofWrite);
        read.Rekey(ofRead);
        write.Dispose();
        read.Dispose();

        Assert.Throws<ObjectDisposedException>(() => ofWrite.Seal(0, ContentType.ApplicationData, default, new byte[64]));
        Assert.Throws<ObjectDisposedException>(() => ofRead.Seal(0, ContentType.ApplicationData, default, new byte[64]));
    }

    [Fact]
    public void The_last_sequence_number_is_not_used()
    {
        using var write = new WriteHalf();
        using var read = new ReadHalf();
        write.Rekey(Protection(), ulong.MaxValue - 1);
        read.Rekey(Protection(), ulong.MaxValue - 1);
        var last = Seal(write, [1]);
        Assert.Equal([1], Open(read, last));

        AssertFault(TlsFault.KeyExhausted, () => Seal(write, [2]));
        AssertFault(TlsFault.KeyExhausted, () => Open(read, last));
        AssertFault(TlsFault.KeyExhausted, () => Seal(write, [2]));
    }

    [Fact]
    public void A_record_size_limit_counts_once_records_are_protected()
    {
        using var write = new WriteHalf { MaxFragment = 100 };
        using var read = new ReadHalf { MaxPlaintext = 100 };
        Assert.Equal(RecordLimits.MaxPlaintext, write.MaxFragment);
        Assert.Equal(RecordLimits.MaxPlaintext, read.MaxPlaintext);
        Assert.Equal(200, Open(read, Seal(write, new byte[200])).Length);

        write.Rekey(Protection());
        read.Rekey(Protection());

        Assert.Equal(100, write.MaxFragment);
        Assert.Equal(100, read.MaxPlaintext);
        Assert.Equal(100, Open(read, Seal(write, new byte[100])).Length);
        Assert.Throws<ArgumentException>(() => Seal(write, new byte[101]));
    }

    [Fact]
    public void A_record_beyond_the_limit_that_we_announced_is_an_overflow()
    {
        using var write = new WriteHalf();
        using var read = new ReadHalf { MaxPlaintext = 100 };
        write.Rekey(Protection());
        read.Rekey(Protection());

        AssertFault(TlsFault.RecordOverflow, () => Open(read, Seal(write, new byte[101])));
    }

    [Theory]
    [InlineData(0, 64)]
    [InlineData(64, 64)]
    [InlineData(16384, 16384)]
    [InlineData(65535, 16384)]
    public void A_limit_is_kept_within_what_the_protocol_allows(int announced, int effective)
    {
        using var write = new WriteHalf { MaxFragment = announced };
        write.Rekey(Protection());

        Assert.Equal(effective, write.MaxFragment);
    }

    [Fact]
    public void The_length_on_the_wire_is_known_before()
    {
        using var write = new WriteHalf();
        Assert.Equal(0, write.Overhead);
        write.Rekey(Protection());

        Assert.Equal(RecordLimits.HeaderLength + write.Overhead + 10, Seal(write, new byte[10]).Length);
    }

    private static Tls12AeadProtection Protection() => new(Suite, new byte[16], new byte[4]);

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

    private static void AssertFault(TlsFault fault, Func<object> action) => Assert.Equal(fault, Assert.Throws<TlsFaultException>(action).Fault);
}
