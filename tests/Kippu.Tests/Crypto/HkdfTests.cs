using System.Security.Cryptography;
using CsCheck;
using Kippu.Crypto;
using Xunit;

namespace Kippu.Tests.Crypto;

public sealed class HkdfTests
{
    /// <summary>RFC 5869 appendix A.1 to A.3.</summary>
    public static TheoryData<string, string, string, string, string> Vectors => new()
    {
        {
            "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
            "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
        },
        {
            Sequence(0x00, 0x50), Sequence(0x60, 0x50), Sequence(0xB0, 0x50),
            "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
            + "cc30c58179ec3e87c14c01d5c1f3434f1d87"
        },
        {
            "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
            "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
        },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_vectors_of_RFC_5869_hold(string keyMaterial, string salt, string info, string pseudorandomKey, string output)
    {
        var extracted = new byte[32];
        Hkdf.Extract(HashAlgorithmName.SHA256, Convert.FromHexString(keyMaterial), Convert.FromHexString(salt), extracted);
        Assert.Equal(pseudorandomKey, Convert.ToHexStringLower(extracted));

        var expanded = new byte[output.Length / 2];
        Hkdf.Expand(HashAlgorithmName.SHA256, extracted, Convert.FromHexString(info), expanded);
        Assert.Equal(output, Convert.ToHexStringLower(expanded));
    }

    [Fact]
    public void The_labelled_form_is_that_of_RFC_8448()
    {
        // RFC 8448 §3: "derive secret for handshake "tls13 derived"".
        var early = Convert.FromHexString("33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a");
        var emptyHash = Convert.FromHexString("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        var derived = new byte[32];

        Hkdf.ExpandLabel(HashAlgorithmName.SHA256, early, "derived"u8, emptyHash, derived);

        Assert.Equal("6f2615a108c702c5678f54fc9dbab69716c076189c48250cebeac3576c3611ba", Convert.ToHexStringLower(derived));
    }

    [Fact]
    public void Label_and_context_must_fit_their_length_bytes()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Hkdf.ExpandLabel(HashAlgorithmName.SHA256, new byte[32], new byte[250], default, new byte[32]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Hkdf.ExpandLabel(HashAlgorithmName.SHA256, new byte[32], default, new byte[256], new byte[32]));
        Hkdf.ExpandLabel(HashAlgorithmName.SHA256, new byte[32], new byte[249], new byte[255], new byte[32]);
    }

    [Fact]
    public void Expand_is_the_platforms_for_any_length_and_goes_to_255_hashes() =>
        Gen.Select(Gen.Byte.Array[48], Gen.Byte.Array[0, 200], Gen.Int[1, 500]).Sample((key, info, length) =>
        {
            var expected = new byte[length];
            var output = new byte[length];
            HKDF.Expand(HashAlgorithmName.SHA384, key, expected, info);
            Hkdf.Expand(HashAlgorithmName.SHA384, key, info, output);

            Assert.Equal(expected, output);
            Hkdf.Expand(HashAlgorithmName.SHA384, key, info, new byte[255 * 48]);
            Assert.Throws<ArgumentOutOfRangeException>(() => Hkdf.Expand(HashAlgorithmName.SHA384, key, info, new byte[(255 * 48) + 1]));
        });

    private static string Sequence(int start, int count) => Convert.ToHexStringLower([.. Enumerable.Range(start, count).Select(i => (byte)i)]);
}
