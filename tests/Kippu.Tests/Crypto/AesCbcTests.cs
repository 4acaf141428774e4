using CsCheck;
using Kippu.Crypto;
using Xunit;

namespace Kippu.Tests.Crypto;

public abstract class AesCbcTests
{
    private protected abstract CryptoBackend Backend { get; }

    [Fact]
    public void The_vector_of_NIST_holds()
    {
        // NIST SP 800-38A §F.2.5, CBC-AES256, the first two blocks.
        using var cbc = new AesCbc(Convert.FromHexString("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"), Backend);
        var iv = Convert.FromHexString("000102030405060708090a0b0c0d0e0f");
        var plaintext = Convert.FromHexString("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
        var ciphertext = new byte[32];
        cbc.Encrypt(iv, plaintext, ciphertext);
        Assert.Equal("f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d", Convert.ToHexStringLower(ciphertext));

        cbc.Decrypt(iv, ciphertext, ciphertext);
        Assert.Equal(plaintext, ciphertext);
    }

    [Fact]
    public void What_was_encrypted_is_decrypted_also_in_place() =>
        Gen.Select(Gen.Byte.Array[32], Gen.Byte.Array[16], Gen.Int[0, 20].SelectMany(blocks => Gen.Byte.Array[blocks * 16])).Sample((key, iv, plaintext) =>
        {
            using var cbc = new AesCbc(key, Backend);
            var buffer = plaintext.ToArray();
            cbc.Encrypt(iv, buffer, buffer);
            cbc.Decrypt(iv, buffer, buffer);
            Assert.Equal(plaintext, buffer);
        });

    [Fact]
    public void Whole_blocks_only()
    {
        using var cbc = new AesCbc(new byte[32], Backend);

        Assert.Throws<ArgumentException>(() => cbc.Encrypt(new byte[16], new byte[17], new byte[32]));
        Assert.Throws<ArgumentException>(() => cbc.Decrypt(new byte[16], new byte[15], new byte[32]));
        Assert.Throws<ArgumentException>(() => cbc.Encrypt(new byte[16], new byte[32], new byte[31]));
    }
}

public sealed class AesCbcTestsOnPlatform : AesCbcTests
{
    private protected override CryptoBackend Backend => CryptoBackend.Platform;
}

/// <summary>Where libcrypto is not installed this is the platform once more.</summary>
public sealed class AesCbcTestsOnLibCrypto : AesCbcTests
{
    private protected override CryptoBackend Backend => CryptoBackend.LibCrypto;
}
