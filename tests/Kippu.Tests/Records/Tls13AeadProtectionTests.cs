using System.Buffers.Binary;
using System.Net.Security;
using System.Reflection;
using CsCheck;
using Kippu.Alerts;
using Kippu.Crypto;
using Kippu.Records;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Records;

public sealed class Tls13AeadProtectionTests
{
    private const ulong Sequence = 0x0102030405060708;

    private static readonly byte[] s_key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly byte[] s_iv = [.. Enumerable.Range(0xA0, 12).Select(i => (byte)i)];

    /// <summary>Computed with Python's cryptography from RFC 8446 §5.2 and §5.3: "hello, record" as application data.</summary>
    public static TheoryData<TlsCipherSuite, string> Vectors => new()
    {
        { TlsCipherSuite.TLS_AES_128_GCM_SHA256, "170303001e0010f4de2c1602b042c0a4c0b327b844884bcdf5a189ad41d27e32d229ba" },
        { TlsCipherSuite.TLS_AES_256_GCM_SHA384, "170303001e99b3c52b16012d0c4477568b454bb6f848b019c783e806cedc50e6bd3a39" },
        { TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, "170303001ece9a283abca71ee4d09f832837f0b023bf88cec0a9ae2c5106acafddba16" },
    };

    public static TheoryData<TlsCipherSuite> Suites =>
        [TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256];

    [Fact]
    public void Dispose_clears_the_secret_part_of_the_nonce()
    {
        var fields = typeof(Tls13AeadProtection).GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Where(field => field.Name.StartsWith("_iv", StringComparison.Ordinal)).ToArray();
        var protection = Create(TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256);
        ulong[] Values() => [.. fields.Select(field => Convert.ToUInt64(field.GetValue(protection), null))];
        Assert.Equal([0xA0A1A2A3UL, 0xA4A5A6A7A8A9AAABUL], Values().Order());
        protection.Dispose();

        Assert.Equal([0UL, 0UL], Values());
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_record_is_what_another_library_makes_of_it(TlsCipherSuite suite, string expected)
    {
        using var protection = Create(suite);
        var record = Seal(protection, "hello, record"u8);

        Assert.Equal(expected, Convert.ToHexStringLower(record));
        Assert.Equal("hello, record"u8, Open(protection, record, out var type));
        Assert.Equal(ContentType.ApplicationData, type);
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void What_was_sealed_is_opened_and_says_its_type_inside_only(TlsCipherSuite suite) =>
        Gen.Select(Gen.Byte.Array[0, 2000], Gen.ULong, Gen.Int[0, 2], Gen.Bool).Sample((plaintext, sequence, index, roomy) =>
        {
            var type = new[] { ContentType.Alert, ContentType.Handshake, ContentType.ApplicationData }[index];
            using var protection = Create(suite);
            var record = new byte[RecordLimits.HeaderLength + protection.Overhead + plaintext.Length];
            Assert.Equal(record.Length, protection.Seal(sequence, type, plaintext, record));
            Assert.True(RecordHeader.TryParse(record, out var header));
            Assert.Equal((ContentType.ApplicationData, (ushort)0x0303), (header.Type, header.Version));
            Assert.Equal(plaintext.Length, protection.PlaintextLength(header.Length));

            // Room for the content is enough, and of more room no more than the content is written to.
            var opened = new byte[plaintext.Length + (roomy ? 100 : 0)];
            Assert.Equal(plaintext.Length, protection.Open(sequence, header, record.AsSpan(5), opened, out var openedType));
            Assert.Equal(plaintext, opened[..plaintext.Length]);
            Assert.All(opened[plaintext.Length..], value => Assert.Equal(0, value));
            Assert.Equal(type, openedType);
        });

    [Theory]
    [MemberData(nameof(Suites))]
    public void RFC_8446_5_4_padding_is_taken_off(TlsCipherSuite suite) =>
        Gen.Select(Gen.Byte.Array[0, 100], Gen.Int[0, 300], Gen.Bool).Sample((content, padding, roomy) =>
        {
            using var protection = Create(suite);
            var record = SealInner(suite, [.. content, (byte)ContentType.Handshake, .. new byte[padding]]);
            Assert.True(RecordHeader.TryParse(record, out var header));
            var opened = new byte[protection.PlaintextLength(header.Length) + (roomy ? 1 : 0)];

            Assert.Equal(content.Length, protection.Open(Sequence, header, record.AsSpan(5), opened, out var type));
            Assert.Equal(content, opened[..content.Length]);
            Assert.All(opened[content.Length..], value => Assert.Equal(0, value));
            Assert.Equal(ContentType.Handshake, type);
        });

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0000000000000000")]
    public void RFC_8446_5_4_a_record_of_zeros_has_no_type(string inner) => AssertOpens(TlsFault.UnexpectedRecord, Convert.FromHexString(inner));

    [Theory]
    [InlineData("0114", TlsFault.UnexpectedRecord)] // RFC 8446 §5: a protected change_cipher_spec
    [InlineData("0101", TlsFault.UnexpectedRecord)]
    [InlineData("0118", TlsFault.UnexpectedRecord)]
    [InlineData("01FF", TlsFault.UnexpectedRecord)]
    [InlineData("0115", null)]
    [InlineData("0116", null)]
    [InlineData("0117", null)]
    public void The_type_inside_is_one_of_three(string inner, TlsFault? fault) => AssertOpens(fault, Convert.FromHexString(inner));

    [Theory]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData(22)]
    public void From_outside_every_record_is_application_data(byte type)
    {
        using var protection = Create(TlsCipherSuite.TLS_AES_128_GCM_SHA256);
        var record = Seal(protection, "x"u8);
        record[0] = type;

        AssertFault(TlsFault.UnexpectedRecord, () => Open(protection, record, out _));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Every_flipped_bit_is_noticed_also_of_version_and_length(TlsCipherSuite suite)
    {
        using var protection = Create(suite);
        var record = Seal(protection, "every bit counts"u8);
        Assert.True(RecordHeader.TryParse(record, out var header));
        for (var bit = 0; bit < 8 * (record.Length - 5); bit++)
        {
            record[5 + (bit / 8)] ^= (byte)(1 << (bit % 8));
            AssertFault(TlsFault.BadRecordMac, () => Open(protection, record, out _));
            record[5 + (bit / 8)] ^= (byte)(1 << (bit % 8));
        }

        var otherVersion = new RecordHeader(header.Type, 0x0301, header.Length);
        AssertFault(TlsFault.BadRecordMac, () => protection.Open(Sequence, otherVersion, record.AsSpan(5), new byte[100], out _));
        Assert.Equal("every bit counts"u8, Open(protection, record, out _));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_wrong_sequence_number_is_noticed(TlsCipherSuite suite)
    {
        using var protection = Create(suite);
        var record = Seal(protection, "in order"u8);
        foreach (var sequence in new[] { 0UL, Sequence - 1, Sequence + 1, ulong.MaxValue })
        {
            AssertFault(TlsFault.BadRecordMac, () => Open(protection, record, out _, sequence));
        }
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_truncated_fragment_is_noticed_at_every_length(TlsCipherSuite suite)
    {
        using var protection = Create(suite);
        var record = Seal(protection, "shorter"u8);
        for (var length = 0; length < record.Length - RecordLimits.HeaderLength; length++)
        {
            var header = new RecordHeader(ContentType.ApplicationData, 0x0303, length);
            AssertFault(TlsFault.BadRecordMac, () => protection.Open(Sequence, header, record.AsSpan(5, header.Length), new byte[100], out _));
        }
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void What_is_not_authentic_is_no_fault_where_it_may_be_early_data(TlsCipherSuite suite)
    {
        using var protection = Create(suite);
        var record = Seal(protection, "not for you"u8);
        Assert.True(RecordHeader.TryParse(record, out var header));
        var destination = new byte[header.Length];
        record[^1] ^= 1;
        Assert.False(protection.TryOpen(Sequence, header, record.AsSpan(5), destination, out _, out _));
        Assert.Equal(new byte[header.Length], destination);
        record[^1] ^= 1;
        Assert.True(protection.TryOpen(Sequence, header, record.AsSpan(5), destination, out var type, out var length));

        Assert.Equal((ContentType.ApplicationData, 11), (type, length));
        Assert.False(protection.TryOpen(Sequence, new RecordHeader(header.Type, 0x0303, 3), record.AsSpan(5, 3), destination, out _, out _));
        AssertFault(TlsFault.RecordOverflow, () => protection.TryOpen(
            Sequence, new RecordHeader(header.Type, 0x0303, 16641), new byte[16641], new byte[20000], out _, out _));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Plaintext_goes_up_to_2_to_the_14_and_not_beyond(TlsCipherSuite suite)
    {
        using var protection = Create(suite);
        var longest = new byte[RecordLimits.MaxPlaintext];
        Array.Fill(longest, (byte)7);
        Assert.Equal(longest, Open(protection, Seal(protection, longest), out _));
        Assert.Throws<ArgumentException>(() => Seal(protection, new byte[RecordLimits.MaxPlaintext + 1]));

        // RFC 8446 §5.4: "the full encoded TLSInnerPlaintext MUST NOT exceed 2^14 + 1 octets": padding included.
        var full = SealInner(suite, [1, (byte)ContentType.ApplicationData, .. new byte[RecordLimits.MaxPlaintext - 1]]);
        Assert.Equal([1], Open(protection, full, out _));
        var tooLong = SealInner(suite, [1, (byte)ContentType.ApplicationData, .. new byte[RecordLimits.MaxPlaintext]]);
        AssertFault(TlsFault.RecordOverflow, () => Open(protection, tooLong, out _));
    }

    [Theory]
    [InlineData(16640, TlsFault.BadRecordMac)]
    [InlineData(16641, TlsFault.RecordOverflow)]
    [InlineData(18432, TlsFault.RecordOverflow)]
    public void RFC_8446_5_2_a_record_has_at_most_2_to_the_14_and_256_bytes(int length, TlsFault fault)
    {
        using var protection = Create(TlsCipherSuite.TLS_AES_128_GCM_SHA256);
        var header = new RecordHeader(ContentType.ApplicationData, 0x0303, length);

        AssertFault(fault, () => protection.Open(Sequence, header, new byte[length], new byte[length], out _));
    }

    [Fact]
    public void A_destination_that_is_too_short_is_a_mistake_of_the_caller()
    {
        using var protection = Create(TlsCipherSuite.TLS_AES_128_GCM_SHA256);

        Assert.Throws<ArgumentException>(() => protection.Seal(0, ContentType.ApplicationData, new byte[10], new byte[5 + 17 + 9]));
    }

    [Fact]
    public void Overhead_is_type_and_tag()
    {
        using var protection = Create(TlsCipherSuite.TLS_AES_128_GCM_SHA256);

        Assert.True(protection.IsProtected);
        Assert.Equal((17, 1), (protection.Overhead, protection.InnerOverhead));
        Assert.Equal(0, protection.PlaintextLength(16));
        Assert.InRange(protection.Overhead, 0, RecordLimits.MaxOverhead);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_is_allocated_per_record(bool roomForTheType)
    {
        foreach (TlsCipherSuite suite in Suites)
        {
            using var write = new WriteHalf();
            using var read = new ReadHalf();
            write.Rekey(Create(suite));
            read.Rekey(Create(suite));
            var plaintext = new byte[RecordLimits.MaxPlaintext];
            var opened = new byte[RecordLimits.MaxPlaintext + (roomForTheType ? 1 : 0)];
            var record = new byte[RecordLimits.HeaderLength + write.Overhead + plaintext.Length];
            RoundTrip(write, read, plaintext, record, opened);

            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                RoundTrip(write, read, plaintext, record, opened);
            }

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static void RoundTrip(WriteHalf write, ReadHalf read, byte[] plaintext, byte[] record, byte[] opened)
    {
        var length = write.Seal(ContentType.ApplicationData, plaintext, record);
        Assert.True(RecordHeader.TryParse(record, out var header));
        read.Open(header, record.AsSpan(RecordLimits.HeaderLength, length - RecordLimits.HeaderLength), opened, out _);
    }

    private static Tls13AeadProtection Create(TlsCipherSuite id)
    {
        var suite = CipherSuite.Find((ushort)id)!;
        return new Tls13AeadProtection(suite, s_key.AsSpan(0, suite.KeyLength), s_iv);
    }

    /// <summary>A record with this TLSInnerPlaintext, made without the class under test.</summary>
    private static byte[] SealInner(TlsCipherSuite id, byte[] inner)
    {
        var suite = CipherSuite.Find((ushort)id)!;
        using var aead = Aead.Create(suite.Aead, s_key.AsSpan(0, suite.KeyLength));
        var record = new byte[5 + inner.Length + Aead.TagLength];
        new RecordHeader(ContentType.ApplicationData, 0x0303, inner.Length + Aead.TagLength).Write(record);
        var nonce = s_iv.ToArray();
        var tail = nonce.AsSpan(4);
        BinaryPrimitives.WriteUInt64BigEndian(tail, BinaryPrimitives.ReadUInt64BigEndian(tail) ^ Sequence);
        aead.Seal(nonce, inner, record.AsSpan(5, inner.Length), record.AsSpan(5 + inner.Length), record.AsSpan(0, 5));
        return record;
    }

    private static byte[] Seal(RecordProtection protection, ReadOnlySpan<byte> plaintext)
    {
        var record = new byte[RecordLimits.HeaderLength + protection.Overhead + plaintext.Length];
        return record[..protection.Seal(Sequence, ContentType.ApplicationData, plaintext, record)];
    }

    private static byte[] Open(RecordProtection protection, byte[] record, out ContentType type, ulong sequence = Sequence)
    {
        Assert.True(RecordHeader.TryParse(record, out var header));
        var destination = new byte[protection.PlaintextLength(header.Length)];
        return destination[..protection.Open(sequence, header, record.AsSpan(RecordLimits.HeaderLength), destination, out type)];
    }

    private static void AssertOpens(TlsFault? fault, byte[] inner)
    {
        foreach (TlsCipherSuite suite in Suites)
        {
            using var protection = Create(suite);
            var record = SealInner(suite, inner);
            Assert.Equal(fault, (Record.Exception(() => Open(protection, record, out _)) as TlsFaultException)?.Fault);
        }
    }

    private static void AssertFault(TlsFault fault, Func<object> action) => Assert.Equal(fault, Assert.Throws<TlsFaultException>(action).Fault);
}
