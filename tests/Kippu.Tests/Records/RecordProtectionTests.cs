using System.Net.Security;
using System.Reflection;
using CsCheck;
using Kippu.Alerts;
using Kippu.Records;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Records;

public sealed class RecordProtectionTests
{
    private const ulong Sequence = 0x0102030405060708;

    private static readonly byte[] s_key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly byte[] s_iv = [.. Enumerable.Range(0xA0, 12).Select(i => (byte)i)];

    /// <summary>Computed with Python's cryptography from RFC 5246 §6.2.3.3, RFC 5288 §3 and RFC 7905 §2: "hello, record" as application data.</summary>
    public static TheoryData<TlsCipherSuite, string> Vectors => new()
    {
        {
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            "170303002501020304050607087458f7a654e4bcb6e3c498727c75976bb6884bd3197b9752d48df602fd"
        },
        {
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            "170303002501020304050607089e9f2ec89b975a6b23056781b25450d88689406909149ae9440248de95"
        },
        {
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
            "170303001dce9a283abca71ee4d09f832837717dce5b860b8138b82633aa9aff88f8"
        },
    };

    public static TheoryData<TlsCipherSuite> Suites =>
    [
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ];

    [Fact]
    public void Dispose_clears_the_secret_part_of_the_nonce()
    {
        var fields = typeof(Tls12AeadProtection).GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Where(field => field.Name.StartsWith("_iv", StringComparison.Ordinal)).ToArray();
        var protection = Create(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256);
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
        Assert.Equal("hello, record"u8, Open(protection, record));
    }

    [Fact]
    public void The_explicit_nonce_of_a_peer_need_not_be_the_sequence_number()
    {
        using var protection = Create(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256);

        Assert.Equal("hello, record"u8, Open(
            protection, Convert.FromHexString("1703030025ffeeddccbbaa998898be4d8ca6c69c65ab58841fccfd11267f348500a88c01f1b1cfeea320")));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void What_was_sealed_is_opened(TlsCipherSuite suite) =>
        Gen.Select(Gen.Byte.Array[0, 2000], Gen.ULong, Gen.Enum<ContentType>()).Sample((plaintext, sequence, type) =>
        {
            using var protection = Create(suite);
            var record = new byte[RecordLimits.HeaderLength + protection.Overhead + plaintext.Length];
            Assert.Equal(record.Length, protection.Seal(sequence, type, plaintext, record));
            Assert.True(RecordHeader.TryParse(record, out var header));
            Assert.Equal(plaintext.Length, protection.PlaintextLength(header.Length));

            var opened = new byte[plaintext.Length];
            Assert.Equal(plaintext.Length, protection.Open(sequence, header, record.AsSpan(5), opened, out var openedType));
            Assert.Equal(plaintext, opened);
            Assert.Equal(type, openedType);
        });

    [Theory]
    [MemberData(nameof(Suites))]
    public void Every_flipped_bit_of_a_fragment_is_noticed(TlsCipherSuite suite)
    {
        using var protection = Create(suite);
        var record = Seal(protection, "every bit counts"u8);
        for (var bit = 8 * RecordLimits.HeaderLength; bit < 8 * record.Length; bit++)
        {
            record[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertFault(TlsFault.BadRecordMac, () => Open(protection, record));
            record[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Equal("every bit counts"u8, Open(protection, record));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void The_header_is_authenticated_too(TlsCipherSuite suite)
    {
        using var protection = Create(suite);
        var record = Seal(protection, "header"u8);
        Assert.True(RecordHeader.TryParse(record, out var header));

        AssertOpens(TlsFault.BadRecordMac, protection, new RecordHeader(ContentType.Handshake, header.Version, header.Length), record.AsMemory(5));
        AssertOpens(TlsFault.BadRecordMac, protection, new RecordHeader(header.Type, 0x0301, header.Length), record.AsMemory(5));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_wrong_sequence_number_is_noticed(TlsCipherSuite suite)
    {
        using var protection = Create(suite);
        var record = Seal(protection, "in order"u8);
        foreach (var sequence in new[] { 0UL, Sequence - 1, Sequence + 1, ulong.MaxValue })
        {
            AssertFault(TlsFault.BadRecordMac, () => Open(protection, record, sequence));
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
            AssertOpens(TlsFault.BadRecordMac, protection, header, record.AsMemory(RecordLimits.HeaderLength, length));
        }
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void An_empty_record_is_a_record(TlsCipherSuite suite)
    {
        using var protection = Create(suite);
        var record = Seal(protection, default);

        Assert.Equal(RecordLimits.HeaderLength + protection.Overhead, record.Length);
        Assert.Empty(Open(protection, record));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Plaintext_goes_up_to_2_to_the_14_and_not_beyond(TlsCipherSuite suite)
    {
        using var protection = Create(suite);
        var longest = new byte[RecordLimits.MaxPlaintext];
        Assert.Equal(longest, Open(protection, Seal(protection, longest)));
        Assert.Throws<ArgumentException>(() => Seal(protection, new byte[RecordLimits.MaxPlaintext + 1]));

        foreach (var fragmentLength in new[] { RecordLimits.MaxPlaintext + 1 + protection.Overhead, RecordLimits.MaxCiphertext12 })
        {
            AssertOpens(
                TlsFault.RecordOverflow, protection, new RecordHeader(ContentType.ApplicationData, 0x0303, fragmentLength), new byte[fragmentLength]);
        }
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_destination_that_is_too_short_is_a_mistake_of_the_caller(TlsCipherSuite suite)
    {
        using var protection = Create(suite);

        Assert.Throws<ArgumentException>(
            () => protection.Seal(0, ContentType.ApplicationData, new byte[10], new byte[RecordLimits.HeaderLength + protection.Overhead + 9]));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_failed_record_leaves_no_plaintext(TlsCipherSuite suite)
    {
        using var protection = Create(suite);
        var record = Seal(protection, "not for you"u8);
        record[^1] ^= 1;
        Assert.True(RecordHeader.TryParse(record, out var header));
        var destination = new byte[11];

        Assert.Throws<TlsFaultException>(() => protection.Open(Sequence, header, record.AsSpan(5), destination, out _));

        Assert.False(destination.AsSpan().ContainsAnyExcept((byte)0));
    }

    [Theory]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, 24)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, 16)]
    public void Overhead_is_nonce_and_tag(TlsCipherSuite suite, int overhead)
    {
        using var protection = Create(suite);

        Assert.True(protection.IsProtected);
        Assert.Equal(overhead, protection.Overhead);
        Assert.Equal(0, protection.PlaintextLength(overhead - 1));
    }

    [Fact]
    public void In_the_clear_a_record_is_its_plaintext()
    {
        using var clear = new ClearProtection(0x0301);
        var record = new byte[8];
        Assert.Equal(8, clear.Seal(7, ContentType.Alert, [1, 2, 3], record));
        Assert.Equal([21, 3, 1, 0, 3, 1, 2, 3], record);
        Assert.True(RecordHeader.TryParse(record, out var header));

        var opened = new byte[3];
        Assert.Equal(3, clear.Open(99, header, record.AsSpan(5), opened, out var type));
        Assert.Equal([1, 2, 3], opened);
        Assert.Equal(ContentType.Alert, type);
        Assert.False(clear.IsProtected);
        Assert.Equal(0, clear.Overhead);
    }

    [Fact]
    public void In_the_clear_the_limit_is_2_to_the_14()
    {
        using var clear = new ClearProtection();
        var longest = new byte[RecordLimits.MaxPlaintext];
        Assert.Equal(longest, Open(clear, Seal(clear, longest)));
        Assert.Throws<ArgumentException>(() => Seal(clear, new byte[RecordLimits.MaxPlaintext + 1]));
        AssertOpens(
            TlsFault.RecordOverflow,
            clear,
            new RecordHeader(ContentType.Handshake, 0x0303, RecordLimits.MaxPlaintext + 1),
            new byte[RecordLimits.MaxPlaintext + 1]);
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Nothing_is_allocated_per_record(TlsCipherSuite suite)
    {
        using var write = new WriteHalf();
        using var read = new ReadHalf();
        write.Rekey(Create(suite));
        read.Rekey(Create(suite));
        var plaintext = new byte[RecordLimits.MaxPlaintext];
        var record = new byte[RecordLimits.HeaderLength + write.Overhead + plaintext.Length];
        RoundTrip(write, read, plaintext, record);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            RoundTrip(write, read, plaintext, record);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void RoundTrip(WriteHalf write, ReadHalf read, byte[] plaintext, byte[] record)
    {
        var length = write.Seal(ContentType.ApplicationData, plaintext, record);
        Assert.True(RecordHeader.TryParse(record, out var header));
        read.Open(header, record.AsSpan(RecordLimits.HeaderLength, length - RecordLimits.HeaderLength), plaintext, out _);
    }

    private static Tls12AeadProtection Create(TlsCipherSuite id)
    {
        var suite = CipherSuite.Find((ushort)id)!;
        return new Tls12AeadProtection(suite, s_key.AsSpan(0, suite.KeyLength), s_iv.AsSpan(0, suite.FixedIvLength));
    }

    private static byte[] Seal(RecordProtection protection, ReadOnlySpan<byte> plaintext)
    {
        var record = new byte[RecordLimits.HeaderLength + protection.Overhead + plaintext.Length];
        return record[..protection.Seal(Sequence, ContentType.ApplicationData, plaintext, record)];
    }

    private static byte[] Open(RecordProtection protection, byte[] record, ulong sequence = Sequence)
    {
        Assert.True(RecordHeader.TryParse(record, out var header));
        Assert.Equal(record.Length, RecordLimits.HeaderLength + header.Length);
        var destination = new byte[protection.PlaintextLength(header.Length)];
        return destination[..protection.Open(sequence, header, record.AsSpan(RecordLimits.HeaderLength), destination, out _)];
    }

    private static void AssertOpens(TlsFault fault, RecordProtection protection, RecordHeader header, ReadOnlyMemory<byte> fragment) =>
        AssertFault(fault, () => protection.Open(Sequence, header, fragment.Span, new byte[RecordLimits.MaxCiphertext12], out _));

    private static void AssertFault(TlsFault fault, Func<object> action) => Assert.Equal(fault, Assert.Throws<TlsFaultException>(action).Fault);
}
