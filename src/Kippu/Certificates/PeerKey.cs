using System.Security.Cryptography;
using Kippu.Alerts;
using Kippu.Crypto;
using Kippu.Wire;

namespace Kippu.Certificates;

/// <summary>The public key of a peer's leaf certificate, for verifying the signatures of the handshake. Whether the certificate is to be trusted is another question.</summary>
/// <remarks>For one connection: not thread-safe.</remarks>
internal sealed class PeerKey : IDisposable
{
    /// <summary>Below this an RSA key no longer proves anything (RFC 7525 §4.3); above the other a peer could make us work for seconds.</summary>
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;

    private readonly AsymmetricAlgorithm _key;

    private PeerKey(AsymmetricAlgorithm key, SuiteAuthentication authentication, NamedGroup? curve)
    {
        _key = key;
        Authentication = authentication;
        Curve = curve;
    }

    /// <summary>Which suites of TLS 1.2 the key can authenticate.</summary>
    public SuiteAuthentication Authentication { get; }

    /// <summary>The curve of an ECDSA key; null for RSA.</summary>
    public NamedGroup? Curve { get; }

    /// <exception cref="TlsFaultException">BadCertificate: it cannot be parsed; UnsupportedCertificate: its key is of a kind or size that is not accepted.</exception>
    public static PeerKey FromCertificate(ReadOnlyMemory<byte> der)
    {
        var found = SubjectPublicKey.Of(der);
        AsymmetricAlgorithm key = found.Authentication == SuiteAuthentication.Ecdsa ? ECDsa.Create() : RSA.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(found.Info.Span, out _);
            RequireSize(key);
            return new PeerKey(key, found.Authentication, found.Curve);
        }
        catch (CryptographicException e)
        {
            key.Dispose();
            throw new TlsFaultException(PeerFault.BadCertificate, "certificate: its public key is not a valid key of its algorithm", e);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Whether a signature of this scheme can be by this key.</summary>
    public bool Fits(SignatureScheme scheme, TlsVersion version) => Signatures.Fits(_key, scheme, version);

    /// <summary>True if <paramref name="signature"/> is this key's over <paramref name="data"/>; false for anything else, malformed signatures included.</summary>
    public bool Verify(SignatureScheme scheme, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => Signatures.Verify(_key, scheme, data, signature);

    public void Dispose() => _key.Dispose();

    private static void RequireSize(AsymmetricAlgorithm key)
    {
        if (key is RSA && key.KeySize is < MinRsaBits or > MaxRsaBits)
        {
            throw new TlsFaultException(PeerFault.UnsupportedCertificate, $"certificate: its RSA key has {key.KeySize} bits; {MinRsaBits} to {MaxRsaBits} are accepted");
        }
    }
}
