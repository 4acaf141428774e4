using System.Security.Cryptography;
using CsCheck;
using Kippu.Crypto;
using Kippu.Resumption;
using Kippu.Wire;
using Xunit;
using static Kippu.Tests.Resumption.Sample;

namespace Kippu.Tests.Resumption;

public sealed class SessionStateCodecTests
{
    private static readonly Gen<SessionState> s_state =
        from suite in Gen.Int[0, CipherSuite.All.Length - 1].Select(i => CipherSuite.All[i])
        from secret in Gen.Byte.Array[48]
        from flags in Gen.Select(Gen.Bool, Gen.Enum<PeerVerification>())
        from name in Gen.String[Gen.Char['a', 'z'], 0, 253]
        from protocol in Gen.Byte.Array[0, 255]
        from times in Gen.Select(Gen.Long[0, 200_000_000_000_000], Gen.Long[0, 200_000_000_000_000], Gen.UInt)
        from numbers in Gen.Select(Gen.UInt, Gen.UInt)
        from scope in Gen.OneOf(Gen.Byte.Array[0], Gen.Byte.Array[32])
        from certificates in Gen.Byte.Array[1, 300].Array[0, 4]
        from data in Gen.Byte.Array[0, 600]
        select new SessionState
        {
            Version = suite.Version,
            Suite = suite,
            Secret = SecretBytes.CopyOf(secret.AsSpan(0, suite.Version == TlsVersion.Tls12 ? 48 : suite.HashLength)),
            ExtendedMasterSecret = flags.Item1,
            PeerVerification = flags.Item2,
            ServerName = name.Length == 0 ? null : name,
            ApplicationProtocol = protocol,
            OriginalHandshake = DateTimeOffset.FromUnixTimeMilliseconds(times.Item1),
            Issued = DateTimeOffset.FromUnixTimeMilliseconds(times.Item2),
            Lifetime = TimeSpan.FromMilliseconds(times.Item3),
            AgeAdd = numbers.Item1,
            MaxEarlyData = numbers.Item2,
            ScopeDigest = scope,
            PeerCertificate = certificates.FirstOrDefault(),
            PeerChain = [.. certificates.Skip(1)],
            ApplicationData = data,
        };

    [Fact]
    public void Every_state_survives_the_round_trip() => s_state.Sample(state =>
    {
        var bytes = Write(state);

        Assert.Equal(TicketRefusal.None, SessionStateCodec.TryRead(bytes, out var read));
        Assert.Equal(state.ServerName, read!.ServerName);
        Assert.Equal(state.Secret.Span.ToArray(), read.Secret.Span.ToArray());
        Assert.Equal(
            (state.Version, state.Suite, state.ExtendedMasterSecret, state.OriginalHandshake, state.Issued, state.Lifetime, state.AgeAdd),
            (read.Version, read.Suite, read.ExtendedMasterSecret, read.OriginalHandshake, read.Issued, read.Lifetime, read.AgeAdd));
        Assert.Equal((state.MaxEarlyData, state.PeerVerification), (read.MaxEarlyData, read.PeerVerification));
        Assert.Equal(state.ApplicationProtocol, read.ApplicationProtocol);
        Assert.Equal(state.ScopeDigest, read.ScopeDigest);
        Assert.Equal(state.PeerCertificate, read.PeerCertificate);
        Assert.Equal(state.PeerChain, read.PeerChain);
        Assert.Equal(state.ApplicationData, read.ApplicationData);
        Assert.Equal(bytes, Write(read));
    });

    [Fact]
    public void A_clone_has_its_own_secret_and_all_the_rest()
    {
        var state = Session(certificate: [1, 2, 3], chain: [[4]]);
        using var clone = state.Clone();
        var bytes = Write(state);
        state.Dispose();

        Assert.Equal(bytes, Write(clone));
    }

    [Fact]
    public void The_bytes_are_those_that_are_documented()
    {
        using var state = new SessionState
        {
            Version = TlsVersion.Tls12,
            Suite = Suite,
            Secret = SecretBytes.CopyOf(MasterSecret()),
            ExtendedMasterSecret = true,
            ServerName = "a.example",
            ApplicationProtocol = "h2"u8.ToArray(),
            OriginalHandshake = DateTimeOffset.FromUnixTimeMilliseconds(0x0102030405),
            Issued = DateTimeOffset.FromUnixTimeMilliseconds(0x0203040506),
            Lifetime = TimeSpan.FromMilliseconds(0x03040506),
            AgeAdd = 0x0A0B0C0D,
            MaxEarlyData = 0x4000,
            ScopeDigest = [.. Enumerable.Repeat((byte)0xEE, 32)],
            PeerCertificate = [0x30, 0x00],
            PeerChain = [[0x31]],
            PeerVerification = PeerVerification.Verified,
            ApplicationData = [0x77],
        };
        var expected = "01" + "01" + "0303" + "C02B" + "30" + Convert.ToHexString(MasterSecret()) + "20" + string.Concat(Enumerable.Repeat("EE", 32))
            + "0009" + "612E6578616D706C65" + "02" + "6832" + "0000000102030405" + "0000000203040506" + "03040506" + "0A0B0C0D" + "00004000" + "01"
            + "000009" + "000002" + "3000" + "000001" + "31" + "0001" + "77";

        Assert.Equal(expected, Convert.ToHexString(Write(state)));
    }

    [Fact]
    public void A_state_cut_anywhere_is_malformed()
    {
        using var state = Session(certificate: [1, 2, 3], chain: [[4, 5]], applicationData: [6]);
        var whole = Write(state);

        Assert.All(Enumerable.Range(0, whole.Length), length => Assert.Equal(TicketRefusal.Malformed, Read(whole.AsSpan(0, length))));
        Assert.Equal(TicketRefusal.Malformed, Read([.. whole, 0]));
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_and_never_throw() => Gen.Byte.Array[0, 400].Sample(bytes =>
    {
        Read(bytes);
        Read([1, .. bytes]);
        Read([1, 1, 3, 3, 0xC0, 0x2B, 48, .. bytes]);
    });

    [Fact]
    public void Any_bit_may_be_flipped_and_what_is_read_then_is_written_back_the_same()
    {
        using var state = Session(certificate: [1, 2, 3], chain: [[4, 5]], applicationData: [6]);
        var whole = Write(state);
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var altered = whole.ToArray();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            if (SessionStateCodec.TryRead(altered, out var read) == TicketRefusal.None)
            {
                Assert.Equal(altered, Write(read!));
                read!.Dispose();
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(SessionStateCodec.FormatVersion + 1)]
    [InlineData(255)]
    public void A_format_that_is_not_ours_is_refused_for_that(byte format)
    {
        using var state = Session();
        var bytes = Write(state);
        bytes[0] = format;

        Assert.Equal(TicketRefusal.UnknownFormat, Read(bytes));
    }

    [Fact]
    public void This_release_reads_its_own_format_and_the_one_before()
    {
        // There is no format before the first; when a second comes, both are to be read and a third is not.
        var readable = Enumerable.Range(0, 256).Where(SessionStateCodec.CanRead);

        Assert.Equal(new[] { SessionStateCodec.FormatVersion - 1, SessionStateCodec.FormatVersion }.Where(format => format > 0), readable);
    }

    [Theory]
    [InlineData(1, 0x02)] // a flag that has no meaning
    [InlineData(2, 0x02)] // TLS 1.1 or so
    [InlineData(6, 47)] // a secret of 47 bytes shifts all that follows
    [InlineData(55, 31)] // a scope of 31 bytes
    public void A_value_that_the_format_does_not_allow_is_malformed(int at, byte value)
    {
        using var state = Session();
        var bytes = Write(state);
        bytes[at] = value;

        Assert.Equal(TicketRefusal.Malformed, Read(bytes));
    }

    [Fact]
    public void A_suite_that_this_release_does_not_know_is_refused_for_that()
    {
        using var state = Session();
        var bytes = Write(state);
        bytes[4] = 0xFA;

        Assert.Equal(TicketRefusal.CipherSuite, Read(bytes));
    }

    [Fact]
    public void A_time_beyond_reason_is_malformed()
    {
        using var state = Session(serverName: null);
        var bytes = Write(state);
        var original = 7 + 48 + 1 + 2 + 1 + 2;
        bytes[original] = 0x7F;

        Assert.Equal(TicketRefusal.Malformed, Read(bytes));
    }

    [Fact]
    public void A_chain_that_is_too_long_is_left_out_and_the_leaf_stays()
    {
        using var session = Session(certificate: RandomNumberGenerator.GetBytes(1000), chain: [new byte[3000], new byte[1097]]);
        using var fits = Session(certificate: RandomNumberGenerator.GetBytes(1000), chain: [new byte[3000], new byte[1096]]);

        Assert.Empty(ReadBack(session).PeerChain);
        Assert.Equal(session.PeerCertificate, ReadBack(session).PeerCertificate);
        Assert.Equal(2, ReadBack(fits).PeerChain.Count);
    }

    [Fact]
    public void A_session_that_is_too_large_is_not_sealed_and_leaves_nothing_behind()
    {
        using var buffer = new WireBuffer();
        buffer.Reserve(5).Fill(1);
        using var certificate = Session(certificate: new byte[20_000]);
        using var data = Session(applicationData: new byte[SessionStateCodec.MaxSealedLength - 50]);
        using var enormous = Session(applicationData: new byte[100_000]);
        var stamp = new SessionStamp(Start, Hour, []);

        Assert.False(SessionStateCodec.TryWriteForSealing(buffer, certificate, stamp));
        Assert.False(SessionStateCodec.TryWriteForSealing(buffer, data, stamp));
        Assert.False(SessionStateCodec.TryWriteForSealing(buffer, enormous, stamp));
        Assert.Equal(5, buffer.Length);
    }

    private static SessionState ReadBack(SessionState state)
    {
        using var buffer = new WireBuffer();
        Assert.True(SessionStateCodec.TryWriteForSealing(buffer, state, new SessionStamp(Start, Hour, [])));
        Assert.Equal(TicketRefusal.None, SessionStateCodec.TryRead(buffer.Written, out var read));
        return read!;
    }

    private static byte[] Write(SessionState state)
    {
        using var buffer = new WireBuffer();
        SessionStateCodec.Write(new TlsWriter(buffer), state);
        return buffer.Written.ToArray();
    }

    private static TicketRefusal Read(ReadOnlySpan<byte> bytes)
    {
        var refusal = SessionStateCodec.TryRead(bytes, out var state);
        Assert.Equal(refusal == TicketRefusal.None, state is not null);
        state?.Dispose();
        return refusal;
    }
}
