using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kippu.Crypto;
using Kippu.Crypto.OpenSsl;
using Xunit;

namespace Kippu.Tests.Crypto;

public abstract class SigningKeyTests
{
    private static readonly byte[] s_data = "what is signed"u8.ToArray();

    public static TheoryData<string, SignatureScheme> EcdsaSchemes
    {
        get
        {
            var all = new TheoryData<string, SignatureScheme>();
            foreach (var curve in new[] { "nistP256", "nistP384", "nistP521" })
            {
                all.Add(curve, SignatureScheme.EcdsaSecp256r1Sha256);
                all.Add(curve, SignatureScheme.EcdsaSecp384r1Sha384);
                all.Add(curve, SignatureScheme.EcdsaSecp521r1Sha512);
            }

            return all;
        }
    }

    private protected abstract CryptoBackend Backend { get; }

    [Theory]
    [MemberData(nameof(EcdsaSchemes))]
    public void An_ECDSA_signature_verifies_time_and_again(string curve, SignatureScheme scheme)
    {
        using var pair = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        using var key = new SigningKey(KeyOf(pair), Backend);

        for (var i = 0; i < 20; i++)
        {
            byte[] data = [.. s_data, (byte)i];
            Assert.True(Signatures.Verify(pair, scheme, data, key.Sign(scheme, data)));
        }
    }

    [Theory]
    [InlineData(SignatureScheme.RsaPkcs1Sha256)]
    [InlineData(SignatureScheme.RsaPssRsaeSha384)]
    public void An_RSA_signature_verifies(SignatureScheme scheme)
    {
        using var pair = RSA.Create(2048);
        using var key = new SigningKey(RSA.Create(pair.ExportParameters(includePrivateParameters: true)), Backend);

        Assert.True(Signatures.Verify(pair, scheme, s_data, key.Sign(scheme, s_data)));
    }

    [Fact]
    public void A_scheme_of_another_algorithm_is_refused()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = new SigningKey(KeyOf(pair), Backend);

        Assert.Throws<ArgumentException>(() => key.Sign(SignatureScheme.RsaPssRsaeSha256, s_data));
        Assert.Throws<ArgumentException>(() => key.Sign((SignatureScheme)0x0807, s_data));
    }

    [Fact]
    public void A_disposed_key_signs_nothing()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = new SigningKey(KeyOf(pair), Backend);
        key.Dispose();
        key.Dispose();

        Assert.ThrowsAny<ObjectDisposedException>(() => key.Sign(SignatureScheme.EcdsaSecp256r1Sha256, s_data));
    }

    [Fact]
    public void Libcrypto_takes_the_keys_of_certificates()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = KeyOf(pair);
        using var signer = LibCryptoSigner.TryCreate(key);

        Assert.Equal(LibCrypto.IsAvailable, signer is not null);
    }

    /// <summary>As the key comes from a certificate.</summary>
    private static ECDsa KeyOf(ECDsa pair)
    {
        var request = new CertificateRequest("CN=test", pair, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));
        return certificate.GetECDsaPrivateKey()!;
    }
}

public sealed class SigningKeyTestsOnPlatform : SigningKeyTests
{
    private protected override CryptoBackend Backend => CryptoBackend.Platform;
}

/// <summary>Where libcrypto is not installed this is the platform once more.</summary>
public sealed class SigningKeyTestsOnLibCrypto : SigningKeyTests
{
    private protected override CryptoBackend Backend => CryptoBackend.LibCrypto;
}
