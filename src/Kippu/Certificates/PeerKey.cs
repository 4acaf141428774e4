using System.Security.Cryptography;
using Kippu.Alerts;
using Kippu.Crypto;
using Kippu.Wire;

namespace Kippu.Certificates;

/// <summary>The public key of a peer's leaf certificate, for verifying the signatures of the handshake. Whether the certificate is to be trusted is another question.</summary>
/// <remarks>For one connection: not thread-safe. Disposing it leaves the platform's key to the next connection with the same peer (<see cref="IdleKeys"/>).</remarks>
internal sealed class PeerKey : IDisposable
{
    /// <summary>Below this an RSA key no longer proves anything (RFC 7525 §4.3); above the other a peer could make us work for seconds.</summary>
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;

    private static readonly IdleKeys s_idle = new();

    private readonly IdleKeys.Name _name;
    private AsymmetricAlgorithm? _key;

    private PeerKey(AsymmetricAlgorithm key, IdleKeys.Name name, SubjectPublicKey found)
    {
        _key = key;
        _name = name;
        Authentication = found.Authentication;
        Curve = found.Curve;
    }

    /// <summary>Which suites of TLS 1.2 the key can authenticate.</summary>
    public SuiteAuthentication Authentication { get; }

    /// <summary>The curve of an ECDSA key; null for RSA.</summary>
    public NamedGroup? Curve { get; }

    private AsymmetricAlgorithm Key => _key ?? throw new ObjectDisposedException(nameof(PeerKey));

    /// <exception cref="TlsFaultException">BadCertificate: it cannot be parsed; UnsupportedCertificate: its key is of a kind or size that is not accepted.</exception>
    public static PeerKey FromCertificate(ReadOnlyMemory<byte> der)
    {
        var found = SubjectPublicKey.Of(der);
        var name = IdleKeys.NameOf(found.Info.Span);
        return new PeerKey(s_idle.Take(name) ?? Import(found), name, found);
    }

    /// <summary>Whether a signature of this scheme can be by this key.</summary>
    public bool Fits(SignatureScheme scheme, TlsVersion version) => Signatures.Fits(Key, scheme, version);

    /// <summary>True if <paramref name="signature"/> is this key's over <paramref name="data"/>; false for anything else, malformed signatures included.</summary>
    public bool Verify(SignatureScheme scheme, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => Signatures.Verify(Key, scheme, data, signature);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _key, null) is { } key)
        {
            s_idle.Leave(_name, key);
        }
    }

    private static AsymmetricAlgorithm Import(SubjectPublicKey found)
    {
        AsymmetricAlgorithm key = found.Authentication == SuiteAuthentication.Ecdsa ? ECDsa.Create() : RSA.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(found.Info.Span, out _);
            RequireSize(key);
            return key;
        }
        catch (CryptographicException e)
        {
            key.Dispose();
            throw new TlsFaultException(TlsFault.BadCertificate, "certificate: its public key is not a valid key of its algorithm", e);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    private static void RequireSize(AsymmetricAlgorithm key)
    {
        if (key is RSA && key.KeySize is < MinRsaBits or > MaxRsaBits)
        {
            throw new TlsFaultException(TlsFault.UnsupportedCertificate, $"certificate: its RSA key has {key.KeySize} bits; {MinRsaBits} to {MaxRsaBits} are accepted");
        }
    }
}
