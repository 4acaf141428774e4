using System.Security.Cryptography;
using Kippu.Alerts;
using Kippu.Crypto;
using Xunit;

namespace Kippu.Tests.Crypto;

public abstract class KeyShareTests
{
    private const string AlicePrivate = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
    private const string AlicePublic = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
    private const string BobPublic = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";

    private const string SmallD = "1234567890abcdef";

    public static TheoryData<NamedGroup> Groups => [NamedGroup.X25519, NamedGroup.Secp256r1, NamedGroup.Secp384r1, NamedGroup.Secp521r1];

    /// <summary>Computed with Python's cryptography; each shared secret begins with a zero byte.</summary>
    public static TheoryData<NamedGroup, string, string, string> LeadingZeros => new()
    {
        {
            NamedGroup.Secp256r1,
            "049fad84aeae08bbef7f010014d82cef6a09de2b0cf871b5ce0c4f1d13a59a593407cb45769f1070e2c2470fe5b1bfe63133c0b0cdc64ea4bf3791a8ec2a07fd4f",
            "04e940a8664e7f56fbf75d282dac63ea38edf119a305bda869939a596db0335472508959d729521901988fba915c060f2de9c877e114a0ef78ad09b131a722bc84",
            "00a801a107af4bf57868d38f7da5d9e5c51ade3fc38e9491a2f3a08be0a51d8b"
        },
        {
            NamedGroup.Secp384r1,
            "04fbf96095915eb587390f850ec95b35f618ae121c72a70808ad8f9f4c261b602b63541743e395f7c778e52bb28c18dc83"
            + "016a6ff3f72c9368326ad50a3bd148a53cd2213bb480e4730ad019db87ae100995ec65df011e19811a15dc9ddfc9ab3c",
            "04e07144c1f1bc3f5a58acd1cc1468c01f07c20356b7e77f9bca7382950d8db2323616c9bf62397bd8450cfdff2bef08fd"
            + "65d7f9807427fab6caeedae25b593a044993b32d940c25603492219bafcee49fd806357b1688a4d0b02259b1cf665d94",
            "00eb591e476d2291b83e6c7f45281f8bd9bf7e2eb9d580cdca1493df2a434948b06cfb4ea3e58c1da91897d503db7b11"
        },
        {
            NamedGroup.Secp521r1,
            "04019a86c2bb5827715e09f9ad1d42afb5f6829bf04e2581382de77a559c7738b2aa1f6d1f834369301908b9befbb67a87203657b41d9011c6e3e0d813c8d0c926fa67"
            + "0165e3cc7147513cbaf0203b6ffc02892876c0fd2d54ea399c0aba923c226d915e6e68123e4ffc432ffd7db1ca2ad64f0cf7680bb7e5c2e548803f98019e0ed5d1e0",
            "0401db1a09c8b7dac495665b2cbca9dd818d5d5c5a301773fc60a5c2dffea0d3bc6f1fc562976884d85c69232e682efc2b7ef1dc660f09a9cd853116612924af33f1ba"
            + "0071335f1783abe56f27ac2df413b51bb4191ab1b9883a3030b65b3cad020d061a1948d4b2118843250082c3a7bfab33e88d311dd4e3af015aa842f1fc168ddc0765",
            "0000608eeecbf9a491cd8923490851c63e71a5b3b3d0db239509cdb7be1eacd672d6c77f5d6e8e4e8323149b56059d6c7f7643f51c90227e2ef6b2fdc85f3ab7f7a4"
        },
    };

    private protected abstract CryptoBackend Backend { get; }

    [Theory]
    [MemberData(nameof(Groups))]
    public void Both_sides_agree(NamedGroup group)
    {
        Assert.True(KeyShare.IsSupported(group));
        using var client = KeyShare.Generate(group, Backend);
        using var server = KeyShare.Generate(group, Backend);
        using var atClient = client.DeriveSharedSecret(server.PublicKey);
        using var atServer = server.DeriveSharedSecret(client.PublicKey);

        Assert.Equal(group, client.Group);
        Assert.Equal(atClient.Span, atServer.Span);
        Assert.True(atClient.Span.ContainsAnyExcept((byte)0));
        Assert.NotEqual(client.PublicKey.ToArray(), server.PublicKey.ToArray());
    }

    [Theory]
    [InlineData(NamedGroup.X25519, 32, 32)]
    [InlineData(NamedGroup.Secp256r1, 65, 32)]
    [InlineData(NamedGroup.Secp384r1, 97, 48)]
    [InlineData(NamedGroup.Secp521r1, 133, 66)]
    public void Lengths_are_those_of_RFC_8422(NamedGroup group, int publicLength, int secretLength)
    {
        using var share = KeyShare.Generate(group, Backend);
        using var peer = KeyShare.Generate(group, Backend);
        using var secret = share.DeriveSharedSecret(peer.PublicKey);

        Assert.Equal(publicLength, share.PublicKey.Length);
        Assert.Equal(secretLength, secret.Length);
    }

    [Fact]
    public void A_group_that_is_not_ours_is_not_supported()
    {
        Assert.False(KeyShare.IsSupported((NamedGroup)30));
        Assert.Throws<NotSupportedException>(() => KeyShare.Generate((NamedGroup)30, Backend));
    }

    [Theory]
    [InlineData(
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4", "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")]
    [InlineData(
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d", "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957")]
    [InlineData(AlicePrivate, BobPublic, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")]
    public void X25519_is_that_of_RFC_7748(string scalar, string point, string expected)
    {
        using var share = new X25519KeyShare(SecretBytes.CopyOf(Convert.FromHexString(scalar)));
        using var secret = share.DeriveSharedSecret(Convert.FromHexString(point));

        Assert.Equal(expected, Convert.ToHexStringLower(secret.Span));
    }

    [Fact]
    public void X25519_computes_the_public_key_of_RFC_7748()
    {
        using var alice = new X25519KeyShare(SecretBytes.CopyOf(Convert.FromHexString(AlicePrivate)));

        Assert.Equal(AlicePublic, Convert.ToHexStringLower(alice.PublicKey));
    }

    [Fact]
    public void X25519_a_thousand_times_is_that_of_RFC_7748()
    {
        var k = new byte[32];
        k[0] = 9;
        var u = k.ToArray();
        for (var i = 1; i <= 1000; i++)
        {
            var result = new byte[32];
            Assert.True(Sodium.TryScalarMult(result, k, u));
            (k, u) = (result, k);
            if (i == 1)
            {
                Assert.Equal("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079", Convert.ToHexStringLower(k));
            }
        }

        Assert.Equal("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51", Convert.ToHexStringLower(k));
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")]
    [InlineData("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000080")]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    public void X25519_refuses_points_of_low_order_whose_secret_is_all_zero(string point)
    {
        using var share = KeyShare.Generate(NamedGroup.X25519, Backend);

        AssertRefused(share, Convert.FromHexString(point));
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void Another_length_is_refused(NamedGroup group)
    {
        using var share = KeyShare.Generate(group, Backend);
        using var peer = KeyShare.Generate(group, Backend);
        var good = peer.PublicKey.ToArray();

        AssertRefused(share, []);
        AssertRefused(share, [0]); // the point at infinity of SEC 1
        AssertRefused(share, good[..^1]);
        AssertRefused(share, [.. good, 0]);
    }

    [Theory]
    [InlineData(NamedGroup.Secp256r1)]
    [InlineData(NamedGroup.Secp384r1)]
    [InlineData(NamedGroup.Secp521r1)]
    public void A_NIST_point_that_is_none_is_refused(NamedGroup group)
    {
        using var share = KeyShare.Generate(group, Backend);
        using var peer = KeyShare.Generate(group, Backend);
        var good = peer.PublicKey.ToArray();

        AssertRefused(share, Changed(good, 0, 2)); // compressed, by its first byte
        AssertRefused(share, Changed(good, 0, 6)); // hybrid
        AssertRefused(share, Changed(good, 0, 0));
        AssertRefused(share, Changed(good, good.Length - 1, (byte)(good[^1] ^ 1))); // off the curve
        AssertRefused(share, [4, .. new byte[good.Length - 1]]); // (0, 0)
        AssertRefused(share, [4, .. Enumerable.Repeat((byte)0xFF, good.Length - 1)]); // beyond the field
        AssertRefused(share, [(byte)(2 + (good[^1] & 1)), .. good[1..(1 + (good.Length / 2))]]); // truly compressed
    }

    [Fact]
    public void P_256_is_that_of_RFC_5903()
    {
        using var initiator = Fixed(
            NamedGroup.Secp256r1, "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433",
            "04dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c37725811805271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3");
        using var secret = initiator.DeriveSharedSecret(Convert.FromHexString(
            "04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf6356fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab"));

        Assert.Equal("d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de", Convert.ToHexStringLower(secret.Span));
    }

    [Theory]
    [MemberData(nameof(LeadingZeros))]
    public void Leading_zeros_of_the_secret_are_kept(NamedGroup group, string ours, string theirs, string expected)
    {
        using var share = Fixed(group, SmallD, ours);
        using var secret = share.DeriveSharedSecret(Convert.FromHexString(theirs));

        Assert.Equal(ours, Convert.ToHexStringLower(share.PublicKey));
        Assert.Equal(expected, Convert.ToHexStringLower(secret.Span));
    }

    private static NistKeyShare Fixed(NamedGroup group, string d, string publicKey)
    {
        var (curve, length) = group switch
        {
            NamedGroup.Secp256r1 => (ECCurve.NamedCurves.nistP256, 32),
            NamedGroup.Secp384r1 => (ECCurve.NamedCurves.nistP384, 48),
            _ => (ECCurve.NamedCurves.nistP521, 66),
        };
        var point = Convert.FromHexString(publicKey);
        return new NistKeyShare(group, ECDiffieHellman.Create(new ECParameters
        {
            Curve = curve,
            D = Convert.FromHexString(d.PadLeft(2 * length, '0')),
            Q = new ECPoint { X = point[1..(1 + length)], Y = point[(1 + length)..] },
        }));
    }

    private static byte[] Changed(byte[] source, int index, byte value)
    {
        var copy = source.ToArray();
        copy[index] = value;
        return copy;
    }

    private static void AssertRefused(KeyShare share, byte[] point) =>
        Assert.Equal(TlsFault.BadKeyShare, Assert.Throws<TlsFaultException>(() => share.DeriveSharedSecret(point)).Fault);
}

public sealed class KeyShareTestsOnPlatform : KeyShareTests
{
    private protected override CryptoBackend Backend => CryptoBackend.Platform;
}

/// <summary>Where libcrypto is not installed this is the platform once more.</summary>
public sealed class KeyShareTestsOnLibCrypto : KeyShareTests
{
    private protected override CryptoBackend Backend => CryptoBackend.LibCrypto;
}
