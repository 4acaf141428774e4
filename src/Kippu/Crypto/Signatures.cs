using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Kippu.Wire;

namespace Kippu.Crypto;

/// <summary>
/// Handshake signatures (RFC 5246 §4.7, RFC 8422 §5.4, RFC 8446 §4.2.3): ECDSA as a DER sequence, RSA PKCS#1 v1.5, RSA-PSS with a salt as long as the
/// hash.
/// </summary>
/// <remarks>As thread-safe as the key.</remarks>
internal static class Signatures
{
    private static readonly ConditionalWeakTable<ECDsa, Curve> s_curves = [];

    private enum Algorithm
    {
        Ecdsa,
        RsaPkcs1,
        RsaPss,
    }

    /// <exception cref="ArgumentException">The key is not of the scheme's algorithm, or the scheme is unknown.</exception>
    public static byte[] Sign(AsymmetricAlgorithm key, SignatureScheme scheme, ReadOnlySpan<byte> data)
    {
        var (algorithm, hash) = Find(scheme) ?? throw new ArgumentException($"unknown signature scheme {scheme}", nameof(scheme));
        return (key, algorithm) switch
        {
            (ECDsa ecdsa, Algorithm.Ecdsa) => SignEcdsa(ecdsa, data, hash),
            (RSA rsa, Algorithm.RsaPkcs1) => SignRsa(rsa, data, hash, RSASignaturePadding.Pkcs1),
            (RSA rsa, Algorithm.RsaPss) => SignRsa(rsa, data, hash, RSASignaturePadding.Pss),
            _ => throw new ArgumentException($"the key does not fit {scheme}", nameof(key)),
        };
    }

    /// <summary>False for a signature that does not verify, whatever is wrong with it, and for a key of another algorithm.</summary>
    public static bool Verify(AsymmetricAlgorithm publicKey, SignatureScheme scheme, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (Find(scheme) is not var (algorithm, hash))
        {
            return false;
        }

        try
        {
            return (publicKey, algorithm) switch
            {
                (ECDsa ecdsa, Algorithm.Ecdsa) => ecdsa.VerifyData(data, signature, hash, DSASignatureFormat.Rfc3279DerSequence),
                (RSA rsa, Algorithm.RsaPkcs1) => HasLengthOf(rsa, signature) && rsa.VerifyData(data, signature, hash, RSASignaturePadding.Pkcs1),
                (RSA rsa, Algorithm.RsaPss) => HasLengthOf(rsa, signature) && rsa.VerifyData(data, signature, hash, RSASignaturePadding.Pss),
                _ => false,
            };
        }
        catch (CryptographicException)
        {
            return false; // some platforms throw where the signature is not even well formed
        }
    }

    /// <summary>RFC 8017 §8.1.2: "If the length of the signature S is not k octets, output "invalid signature"": the platform takes one whose leading zero is missing.</summary>
    private static bool HasLengthOf(RSA key, ReadOnlySpan<byte> signature) => signature.Length == (key.KeySize + 7) / 8;

    /// <summary>Whether a key can make and verify handshake signatures of a scheme in a version of the protocol.</summary>
    /// <remarks>
    /// TLS 1.2: the hash of ECDSA says nothing about the curve (RFC 8446 §4.2.3 tells of the difference), but the curve must be one that we speak.
    /// TLS 1.3: hash and curve belong together, and RSA PKCS#1 is for certificates only. RSA needs a modulus that has room for the padding.
    /// </remarks>
    public static bool Fits(AsymmetricAlgorithm key, SignatureScheme scheme, TlsVersion version)
    {
        if (Find(scheme) is not var (algorithm, hash))
        {
            return false;
        }

        return (key, algorithm) switch
        {
            (ECDsa ecdsa, Algorithm.Ecdsa) => CurveFits(CurveOf(ecdsa), scheme, version),
            (RSA rsa, Algorithm.RsaPkcs1) => version == TlsVersion.Tls12 && EncodedLength(rsa) >= DigestInfoLength(hash) + 11,
            (RSA rsa, Algorithm.RsaPss) => EncodedLength(rsa) >= (2 * HashLength(hash)) + 2,
            _ => false,
        };
    }

    /// <summary>The hash of an ECDSA scheme; null for any other.</summary>
    public static HashAlgorithmName? EcdsaHash(SignatureScheme scheme) => Find(scheme) is (Algorithm.Ecdsa, var hash) ? hash : null;

    private static byte[] SignEcdsa(ECDsa key, ReadOnlySpan<byte> data, HashAlgorithmName hash)
    {
        Span<byte> signature = stackalloc byte[key.GetMaxSignatureSize(DSASignatureFormat.Rfc3279DerSequence)];
        return key.TrySignData(data, signature, hash, DSASignatureFormat.Rfc3279DerSequence, out var written)
            ? signature[..written].ToArray()
            : throw new CryptographicException("an ECDSA signature was longer than its maximum");
    }

    private static byte[] SignRsa(RSA key, ReadOnlySpan<byte> data, HashAlgorithmName hash, RSASignaturePadding padding)
    {
        var signature = new byte[(key.KeySize + 7) / 8];
        return key.TrySignData(data, signature, hash, padding, out var written) && written == signature.Length
            ? signature
            : throw new CryptographicException("an RSA signature was not as long as its modulus");
    }

    private static (Algorithm Algorithm, HashAlgorithmName Hash)? Find(SignatureScheme scheme) => scheme switch
    {
        SignatureScheme.EcdsaSecp256r1Sha256 => (Algorithm.Ecdsa, HashAlgorithmName.SHA256),
        SignatureScheme.EcdsaSecp384r1Sha384 => (Algorithm.Ecdsa, HashAlgorithmName.SHA384),
        SignatureScheme.EcdsaSecp521r1Sha512 => (Algorithm.Ecdsa, HashAlgorithmName.SHA512),
        SignatureScheme.RsaPkcs1Sha256 => (Algorithm.RsaPkcs1, HashAlgorithmName.SHA256),
        SignatureScheme.RsaPkcs1Sha384 => (Algorithm.RsaPkcs1, HashAlgorithmName.SHA384),
        SignatureScheme.RsaPkcs1Sha512 => (Algorithm.RsaPkcs1, HashAlgorithmName.SHA512),
        SignatureScheme.RsaPssRsaeSha256 => (Algorithm.RsaPss, HashAlgorithmName.SHA256),
        SignatureScheme.RsaPssRsaeSha384 => (Algorithm.RsaPss, HashAlgorithmName.SHA384),
        SignatureScheme.RsaPssRsaeSha512 => (Algorithm.RsaPss, HashAlgorithmName.SHA512),
        _ => null,
    };

    private static bool CurveFits(NamedGroup? curve, SignatureScheme scheme, TlsVersion version) => version == TlsVersion.Tls12
        ? curve is not null
        : (curve, scheme) is (NamedGroup.Secp256r1, SignatureScheme.EcdsaSecp256r1Sha256)
            or (NamedGroup.Secp384r1, SignatureScheme.EcdsaSecp384r1Sha384)
            or (NamedGroup.Secp521r1, SignatureScheme.EcdsaSecp521r1Sha512);

    /// <summary>The curve of a key, or null if it is none of ours. Asked at every handshake, and an export costs microseconds: so it is remembered.</summary>
    private static NamedGroup? CurveOf(ECDsa key)
    {
        if (!s_curves.TryGetValue(key, out var curve))
        {
            curve = new Curve(FindCurve(key));
            s_curves.AddOrUpdate(key, curve);
        }

        return curve.Group;
    }

    private static NamedGroup? FindCurve(ECDsa key)
    {
        var curve = key.ExportParameters(includePrivateParameters: false).Curve;
        if (!curve.IsNamed)
        {
            return null;
        }

        // Windows names a curve without its number.
        return (curve.Oid.Value ?? curve.Oid.FriendlyName) switch
        {
            "1.2.840.10045.3.1.7" or "nistP256" or "ECDSA_P256" or "ECDH_P256" => NamedGroup.Secp256r1,
            "1.3.132.0.34" or "nistP384" or "ECDSA_P384" or "ECDH_P384" => NamedGroup.Secp384r1,
            "1.3.132.0.35" or "nistP521" or "ECDSA_P521" or "ECDH_P521" => NamedGroup.Secp521r1,
            _ => null,
        };
    }

    /// <summary>emLen of RFC 8017 §9.1.1: the octets of an encoded message, ⌈(modulus bits − 1) / 8⌉.</summary>
    private static int EncodedLength(RSA key) => (key.KeySize + 6) / 8;

    private static int HashLength(HashAlgorithmName hash) => hash == HashAlgorithmName.SHA256 ? 32 : hash == HashAlgorithmName.SHA384 ? 48 : 64;

    /// <summary>tLen of RFC 8017 §9.2: 19 bytes of DER before each of our hashes.</summary>
    private static int DigestInfoLength(HashAlgorithmName hash) => 19 + HashLength(hash);

    private sealed record Curve(NamedGroup? Group);
}
