using CsCheck;
using Kippu.Crypto;
using Kippu.Crypto.OpenSsl;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Crypto;

/// <summary>Both libraries give the same bytes. Where libcrypto is not installed these compare the platform with itself.</summary>
public sealed class BackendsTests
{
    [Fact]
    public void Libcrypto_is_used_where_it_is_unless_it_is_switched_off()
    {
        var switchedOff = AppContext.TryGetSwitch(CryptoBackends.PlatformOnlySwitch, out var platformOnly) && platformOnly;

        Assert.Equal(LibCrypto.IsAvailable && !switchedOff ? CryptoBackend.LibCrypto : CryptoBackend.Platform, CryptoBackends.Preferred);
    }

    [Fact]
    public void What_one_seals_the_other_opens() =>
        Gen.Select(Gen.Enum<AeadAlgorithm>(), Gen.Byte.Array[32], Gen.Byte.Array[12], Gen.Byte.Array[0, 300], Gen.Byte.Array[0, 40], Gen.Int[0, 127]).Sample(
            (algorithm, key, nonce, plaintext, associated, bit) =>
            {
                key = algorithm == AeadAlgorithm.Aes128Gcm ? key[..16] : key;
                using var platform = Aead.Create(algorithm, key, CryptoBackend.Platform);
                using var libCrypto = Aead.Create(algorithm, key, CryptoBackend.LibCrypto);
                foreach (var (one, other) in new[] { (platform, libCrypto), (libCrypto, platform), (libCrypto, libCrypto) })
                {
                    var ciphertext = new byte[plaintext.Length];
                    var tag = new byte[Aead.TagLength];
                    var opened = new byte[plaintext.Length];
                    one.Seal(nonce, plaintext, ciphertext, tag, associated);

                    tag[bit / 8] ^= (byte)(1 << (bit % 8));
                    Assert.False(other.TryOpen(nonce, ciphertext, tag, opened, associated));
                    Assert.Equal(new byte[plaintext.Length], opened);

                    // A failure leaves nothing behind.
                    tag[bit / 8] ^= (byte)(1 << (bit % 8));
                    Assert.False(other.TryOpen(nonce, ciphertext, tag, opened, [.. associated, 0]));
                    Assert.True(other.TryOpen(nonce, ciphertext, tag, opened, associated));
                    Assert.Equal(plaintext, opened);
                }
            });

    [Theory]
    [InlineData(NamedGroup.Secp256r1)]
    [InlineData(NamedGroup.Secp384r1)]
    [InlineData(NamedGroup.Secp521r1)]
    public void They_agree_on_secrets_also_on_those_that_begin_with_zero(NamedGroup group)
    {
        var zeroMet = false;
        for (var i = 0; i < 5000 && !zeroMet; i++)
        {
            using var one = KeyShare.Generate(group, CryptoBackend.Platform);
            using var other = KeyShare.Generate(group, CryptoBackend.LibCrypto);
            using var secret = one.DeriveSharedSecret(other.PublicKey);
            using var same = other.DeriveSharedSecret(one.PublicKey);

            Assert.Equal(secret.Span, same.Span);
            zeroMet = secret.Span[0] == 0;
        }

        Assert.True(zeroMet);
    }
}
