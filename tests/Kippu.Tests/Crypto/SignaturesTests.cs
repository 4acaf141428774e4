using System.Security.Cryptography;
using Kippu.Crypto;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Crypto;

public sealed class SignaturesTests
{
    // Made by Python's cryptography over "signed data"; the private keys were thrown away.
    private const string RsaPublicKey =
        "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAmkWSY60S5T2fBnSPOzqQa5verqWk0dwXmdpazcYq/scLApEvV5WsGqfpA6JcOmFLQ3hBM7ynnMl2Or9jvbv0oYb2JkNiv6w5"
        + "9RCnl5f9la4hiuvK68/DBKjocN4YlRxDJF6Ldrsu5mQLxyd6ifGQLqUGoZfnTTNX4ZJb14IdXgQbbKsDlBoE8yN9HgggI8N6yEsMoCY6avjyQSCSz1meGgUBvfdTwfjnL7D4jyLBg1Lj"
        + "6eZBTepMHPk+hlKwESWuEg2mSRAYiW7yoghzwhkG/+HwCBadBmIbXoiSOk3Ue2dDXvsUN53ymkap61bGoz4tgjpZgGExM9Vp7MfZbevAUwIDAQAB";

    private const string PssSha256Salt32 =
        "kqNdg49zSbnMVsGD/XSEWRPmgCrKTm+LfypisLH8GggKRYEo3bKbcuXtpWSHsnbO3ywAmex62q1mLgFf2qt1kEzri+P9qRjzSuI0innN3U5sxFpTuPkN2YT/a/A25N6TaXx3pIUkaQeR"
        + "PhIrHeDiHIqW9/yBjHmK9L/o+L1+Z0RaIoy8Qgg9JVUrYYF4syDNKZ25g9st30c+gVW6PcbsJ7ofjYE2LllaZ3llj9+j6tPWUiKmAIf3f7JHSTC6G7cSqed7LSBXJ72KNWW7qGtyE1IL"
        + "VH0YVGAH+WL1gdNj8Ri8x5/RP2VugvhTDlCF8pZpDlP8T36x7R51z7TOt59/+Q==";

    private const string PssSha256Salt20 =
        "KVp6FlcqwXx82/2lBn32lE2gdk59cu4fv7VUu4TILfGqOae27nWEY/p1qgS3ZiBmg3ryPotZwC+fnLKA3ZuOuB6jX4wXXKHvpMqa9F/zesprvMukmZN59wLJLJSnsKlH6DHtuvoQLAZ0"
        + "liofHy6sg2hbtmfqLLNC2oUnhn1dgZDVkm0Dw4y2fftWwLxqUD+kpYh8JhaUcQu3jYKCR73MHMOlDijXN2Rx4xXXedlEDhFCjGdl+UAzaOLdLw9m0Jo2BpoxRioLZZW35S6I8lsvuYdQ"
        + "pS5G+I/Dw4rfm0lo0JQlv27CufKl/fomnLWfaLQb6bOIH6mFyhI7j/7OtOguNA==";

    private const string Pkcs1Sha384 =
        "WB2DSeuncHIMdhdXGoNqeUkD3OKUvVk16RfxBEHUIoxxMdCSfM+FTuBWyRaUpLoKZES4EN8r1eXEYdPCEK9xIrNQ/ziZi9JfH+u2KmwkrimLYtOVLPlDOMZjvCwIZZxLF2hXfclNSYpf"
        + "NcMmkpgUw6h1fl9Oo+xprgDnP57TMq2QSkmOR9MIQYiMkU8YxWr5ZX1j7nWPaRHYv9173159i3EWGaAeQIX2lBqZld+XNLZ9Cenfb9PJRMOnbPeeKxEa14wV5TEIADEtCvc+vKORNR+l"
        + "dwBeqBHoqkudqujEh5NY6Yk7TBS57cu1DX1ja+MyMuocGD3UT0qjYnMJHtzTJQ==";

    private const string P384PublicKey =
        "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEhPI2p9B6j32rM06nx77qMdiyqCCYtq24KxeCrcw4g4f5VGeuEdXirXXCD1F0igH6CtxuKACw/qsuZES8AelOx/qDFPy7Y0AXUrqWktVMqacM"
        + "zFHtXTn5xkR/uAYvyclj";

    private const string P384WithSha256 =
        "MGYCMQCSfeaC6gKKpBv7SrQ9DJuvScB9GsER3R6S9/d8GeuloKVo6LWZAPBAydM8u+N1qAoCMQCpgcRQ7otEYA9PW78UZHFYHiqVmQZEI1KFMAx0oypAZ5OThXXux5PjYR8HMgXg3/U=";

    private static readonly ECDsa s_p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly ECDsa s_p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private static readonly ECDsa s_p521 = ECDsa.Create(ECCurve.NamedCurves.nistP521);
    private static readonly RSA s_rsa = RSA.Create(2048);

    public static TheoryData<SignatureScheme> Schemes => [.. Enum.GetValues<SignatureScheme>()];

    private static ReadOnlySpan<byte> Data => "signed data"u8;

    [Theory]
    [MemberData(nameof(Schemes))]
    public void What_was_signed_verifies_and_nothing_else(SignatureScheme scheme)
    {
        foreach (var key in KeysFor(scheme))
        {
            var signature = Signatures.Sign(key, scheme, Data);

            Assert.True(Signatures.Verify(key, scheme, Data, signature));
            Assert.False(Signatures.Verify(key, scheme, "signed dat0"u8, signature));
            Assert.False(Signatures.Verify(key, scheme, Data, default));
            Assert.False(Signatures.Verify(key, scheme, Data, signature.AsSpan(1)));
            Assert.False(Signatures.Verify(key, scheme, Data, [.. signature, 0]));
            Assert.All(Enum.GetValues<SignatureScheme>().Where(other => other != scheme), other => Assert.False(Signatures.Verify(key, other, Data, signature)));
            foreach (var i in new[] { 0, 1, signature.Length / 2, signature.Length - 1 })
            {
                var broken = signature.ToArray();
                broken[i] ^= 0x01;
                Assert.False(Signatures.Verify(key, scheme, Data, broken));
            }
        }
    }

    [Theory]
    [InlineData(SignatureScheme.RsaPssRsaeSha256)]
    [InlineData(SignatureScheme.RsaPkcs1Sha256)]
    public void A_signature_without_its_leading_zero_is_none(SignatureScheme scheme)
    {
        // One signature in 256 begins with a zero.
        for (byte i = 0; ; i++)
        {
            byte[] data = [i, .. System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)];
            var signature = Signatures.Sign(s_rsa, scheme, data);
            if (signature[0] == 0)
            {
                Assert.True(Signatures.Verify(s_rsa, scheme, data, signature));
                Assert.False(Signatures.Verify(s_rsa, scheme, data, signature.AsSpan(1)));
                return;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void A_key_of_the_other_algorithm_neither_signs_nor_verifies(SignatureScheme scheme)
    {
        AsymmetricAlgorithm other = KeysFor(scheme)[0] is RSA ? s_p256 : s_rsa;

        Assert.Throws<ArgumentException>(() => Signatures.Sign(other, scheme, Data));
        Assert.False(Signatures.Verify(other, scheme, Data, new byte[256]));
        Assert.False(Signatures.Fits(other, scheme, TlsVersion.Tls12));
        Assert.False(Signatures.Fits(other, scheme, TlsVersion.Tls13));
    }

    [Fact]
    public void An_unknown_scheme_is_refused()
    {
        const SignatureScheme Sha1 = (SignatureScheme)0x0201;

        Assert.Throws<ArgumentException>(() => Signatures.Sign(s_rsa, Sha1, Data));
        Assert.False(Signatures.Verify(s_rsa, Sha1, Data, new byte[256]));
        Assert.False(Signatures.Fits(s_rsa, Sha1, TlsVersion.Tls12));
    }

    [Fact]
    public void Signatures_of_another_library_verify()
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String(RsaPublicKey), out _);
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String(P384PublicKey), out _);

        Assert.True(Signatures.Verify(rsa, SignatureScheme.RsaPssRsaeSha256, Data, Convert.FromBase64String(PssSha256Salt32)));
        Assert.True(Signatures.Verify(rsa, SignatureScheme.RsaPkcs1Sha384, Data, Convert.FromBase64String(Pkcs1Sha384)));
        Assert.True(Signatures.Verify(ecdsa, SignatureScheme.EcdsaSecp256r1Sha256, Data, Convert.FromBase64String(P384WithSha256)));
    }

    [Fact]
    public void A_PSS_salt_of_another_length_than_the_hash_is_refused()
    {
        // RFC 8446 §4.2.3: "The length of the Salt MUST be equal to the length of the output of the digest algorithm."
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String(RsaPublicKey), out _);

        Assert.False(Signatures.Verify(rsa, SignatureScheme.RsaPssRsaeSha256, Data, Convert.FromBase64String(PssSha256Salt20)));
    }

    [Fact]
    public void An_ECDSA_signature_is_a_DER_sequence_and_not_two_numbers_side_by_side()
    {
        var plain = s_p256.SignData(Data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

        Assert.False(Signatures.Verify(s_p256, SignatureScheme.EcdsaSecp256r1Sha256, Data, plain));
        Assert.Equal(0x30, Signatures.Sign(s_p256, SignatureScheme.EcdsaSecp256r1Sha256, Data)[0]);
    }

    [Fact]
    public void In_TLS_1_2_the_hash_of_ECDSA_says_nothing_about_the_curve()
    {
        foreach (var key in new[] { s_p256, s_p384, s_p521 })
        {
            Assert.True(Signatures.Fits(key, SignatureScheme.EcdsaSecp256r1Sha256, TlsVersion.Tls12));
            Assert.True(Signatures.Fits(key, SignatureScheme.EcdsaSecp384r1Sha384, TlsVersion.Tls12));
            Assert.True(Signatures.Fits(key, SignatureScheme.EcdsaSecp521r1Sha512, TlsVersion.Tls12));
        }
    }

    [Fact]
    public void In_TLS_1_3_hash_and_curve_belong_together()
    {
        ECDsa[] keys = [s_p256, s_p384, s_p521];
        SignatureScheme[] schemes = [SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.EcdsaSecp384r1Sha384, SignatureScheme.EcdsaSecp521r1Sha512];
        for (var key = 0; key < 3; key++)
        {
            for (var scheme = 0; scheme < 3; scheme++)
            {
                Assert.Equal(key == scheme, Signatures.Fits(keys[key], schemes[scheme], TlsVersion.Tls13));
            }
        }
    }

    [Fact]
    public void A_curve_that_we_do_not_speak_fits_nothing()
    {
        using var brainpool = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);

        Assert.False(Signatures.Fits(brainpool, SignatureScheme.EcdsaSecp256r1Sha256, TlsVersion.Tls12));
        Assert.False(Signatures.Fits(brainpool, SignatureScheme.EcdsaSecp256r1Sha256, TlsVersion.Tls12)); // the remembered answer
        Assert.False(Signatures.Fits(brainpool, SignatureScheme.EcdsaSecp256r1Sha256, TlsVersion.Tls13));
    }

    [Fact]
    public void PKCS1_is_for_TLS_1_2_only_and_PSS_for_both()
    {
        Assert.True(Signatures.Fits(s_rsa, SignatureScheme.RsaPkcs1Sha256, TlsVersion.Tls12));
        Assert.False(Signatures.Fits(s_rsa, SignatureScheme.RsaPkcs1Sha256, TlsVersion.Tls13));
        Assert.True(Signatures.Fits(s_rsa, SignatureScheme.RsaPssRsaeSha512, TlsVersion.Tls12));
        Assert.True(Signatures.Fits(s_rsa, SignatureScheme.RsaPssRsaeSha512, TlsVersion.Tls13));
    }

    [Theory]
    [InlineData(1024, SignatureScheme.RsaPssRsaeSha512, false)]
    [InlineData(1040, SignatureScheme.RsaPssRsaeSha512, true)]
    [InlineData(1024, SignatureScheme.RsaPssRsaeSha384, true)]
    [InlineData(1024, SignatureScheme.RsaPkcs1Sha512, true)]
    [InlineData(512, SignatureScheme.RsaPkcs1Sha512, false)]
    [InlineData(512, SignatureScheme.RsaPssRsaeSha256, false)]
    public void An_RSA_key_must_have_room_for_the_padding(int bits, SignatureScheme scheme, bool fits)
    {
#pragma warning disable CA5385 // short on purpose
        using var key = RSA.Create(bits);
#pragma warning restore CA5385

        Assert.Equal(fits, Signatures.Fits(key, scheme, TlsVersion.Tls12));
        Assert.Equal(fits, Record.Exception(() => Signatures.Sign(key, scheme, Data)) is null);
    }

    private static AsymmetricAlgorithm[] KeysFor(SignatureScheme scheme) => scheme
        is SignatureScheme.EcdsaSecp256r1Sha256 or SignatureScheme.EcdsaSecp384r1Sha384 or SignatureScheme.EcdsaSecp521r1Sha512
        ? [s_p256, s_p384, s_p521]
        : [s_rsa];
}
