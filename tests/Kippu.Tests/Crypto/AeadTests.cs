using Kippu.Crypto;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Crypto;

public abstract class AeadTests
{
    private const string GcmPlaintext =
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";

    /// <summary>The test cases 4 and 16 of "The Galois/Counter Mode of Operation" (McGrew, Viega), and RFC 8439 §2.8.2.</summary>
    public static TheoryData<int, string, string, string, string, string, string> Vectors => new()
    {
        {
            (int)AeadAlgorithm.Aes128Gcm, "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2", GcmPlaintext,
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
            "5bc94fbc3221a5db94fae95ae7121a47"
        },
        {
            (int)AeadAlgorithm.Aes256Gcm, "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2", GcmPlaintext,
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
            "76fc6ece0f4e1768cddf8853bb2d551b"
        },
        {
            (int)AeadAlgorithm.ChaCha20Poly1305, "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f", "070000004041424344454647",
            "50515253c0c1c2c3c4c5c6c7",
            "4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a204966204920636f756c64206f6666657220796f75206f6e6c79206f6e652074697020"
            + "666f7220746865206675747572652c2073756e73637265656e20776f756c642062652069742e",
            "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee3"
            + "28091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116",
            "1ae10b594f09e26a7e902ecbd0600691"
        },
    };

    private protected abstract CryptoBackend Backend { get; }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_published_vectors_hold(int algorithm, string key, string nonce, string associated, string plaintext, string ciphertext, string tag)
    {
        using var aead = Aead.Create((AeadAlgorithm)algorithm, Convert.FromHexString(key), Backend);
        var sealedText = new byte[ciphertext.Length / 2];
        var sealedTag = new byte[Aead.TagLength];
        aead.Seal(Convert.FromHexString(nonce), Convert.FromHexString(plaintext), sealedText, sealedTag, Convert.FromHexString(associated));

        Assert.Equal(ciphertext, Convert.ToHexStringLower(sealedText));
        Assert.Equal(tag, Convert.ToHexStringLower(sealedTag));

        var opened = new byte[sealedText.Length];
        Assert.True(aead.TryOpen(Convert.FromHexString(nonce), sealedText, sealedTag, opened, Convert.FromHexString(associated)));
        Assert.Equal(plaintext, Convert.ToHexStringLower(opened));
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void What_is_not_authentic_leaves_no_plaintext(
        int algorithm, string key, string nonce, string associated, string plaintext, string ciphertext, string tag)
    {
        using var aead = Aead.Create((AeadAlgorithm)algorithm, Convert.FromHexString(key), Backend);
        var wrongTag = Convert.FromHexString(tag);
        wrongTag[^1] ^= 1;
        var opened = new byte[plaintext.Length / 2];
        Array.Fill(opened, (byte)0xEE);

        Assert.False(aead.TryOpen(Convert.FromHexString(nonce), Convert.FromHexString(ciphertext), wrongTag, opened, Convert.FromHexString(associated)));
        Assert.All(opened, b => Assert.Equal(0, b));
    }

    [Fact]
    public void A_record_may_be_opened_in_place()
    {
        using var aead = Aead.Create(AeadAlgorithm.Aes128Gcm, new byte[16], Backend);
        var buffer = "in place"u8.ToArray();
        var tag = new byte[Aead.TagLength];

        aead.Seal(new byte[12], buffer, buffer, tag, default);
        Assert.True(aead.TryOpen(new byte[12], buffer, tag, buffer, default));

        Assert.Equal("in place"u8, buffer);
    }

    [Fact]
    public void Lengths_and_overlaps_that_make_no_sense_are_refused()
    {
        using var aead = Aead.Create(AeadAlgorithm.Aes128Gcm, new byte[16], Backend);
        var memory = new byte[64];

        Assert.Throws<ArgumentException>(() => aead.Seal(new byte[11], new byte[8], new byte[8], new byte[16], default));
        Assert.Throws<ArgumentException>(() => aead.Seal(new byte[12], new byte[8], new byte[7], new byte[16], default));
        Assert.Throws<ArgumentException>(() => aead.Seal(new byte[12], new byte[8], new byte[8], new byte[15], default));
        Assert.Throws<ArgumentException>(() => aead.Seal(new byte[12], memory.AsSpan(0, 32), memory.AsSpan(1, 32), new byte[16], default));
        Assert.Throws<ArgumentException>(() => aead.TryOpen(new byte[13], new byte[8], new byte[16], new byte[8], default));
        Assert.Throws<ArgumentException>(() => aead.TryOpen(new byte[12], new byte[8], new byte[16], new byte[9], default));
        Assert.Throws<ArgumentException>(() => aead.TryOpen(new byte[12], new byte[8], new byte[12], new byte[8], default));
        Assert.Throws<ArgumentException>(() => aead.TryOpen(new byte[12], memory.AsSpan(1, 32), new byte[16], memory.AsSpan(0, 32), default));
    }

    [Fact]
    public void A_disposed_one_does_nothing()
    {
        var aead = Aead.Create(AeadAlgorithm.Aes128Gcm, new byte[16], Backend);
        aead.Dispose();
        aead.Dispose();

        Assert.Throws<ObjectDisposedException>(() => aead.Seal(new byte[12], new byte[8], new byte[8], new byte[16], default));
        Assert.Throws<ObjectDisposedException>(() => aead.TryOpen(new byte[12], new byte[8], new byte[16], new byte[8], default));
    }

    [Theory]
    [InlineData((int)AeadAlgorithm.Aes128Gcm, 32)]
    [InlineData((int)AeadAlgorithm.Aes256Gcm, 16)]
    [InlineData((int)AeadAlgorithm.ChaCha20Poly1305, 31)]
    public void A_key_of_another_length_is_refused(int algorithm, int length) =>
        Assert.Throws<ArgumentException>(() => Aead.Create((AeadAlgorithm)algorithm, new byte[length], Backend));

    [Fact]
    public void All_three_algorithms_are_there() => Assert.All(Enum.GetValues<AeadAlgorithm>(), algorithm => Assert.True(Aead.IsSupported(algorithm)));
}

public sealed class AeadTestsOnPlatform : AeadTests
{
    private protected override CryptoBackend Backend => CryptoBackend.Platform;
}

/// <summary>Where libcrypto is not installed this is the platform once more.</summary>
public sealed class AeadTestsOnLibCrypto : AeadTests
{
    private protected override CryptoBackend Backend => CryptoBackend.LibCrypto;
}
