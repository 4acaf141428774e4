using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kippu.Alerts;
using Kippu.Certificates;
using Kippu.Wire;
using Kippu.Wire.Extensions;

namespace Kippu;

/// <summary>
/// A certificate chain with its private key: what a server shows, or a client that is asked for a certificate. ECDSA on P-256, P-384 or P-521, or RSA
/// with 2048 to 8192 bits.
/// </summary>
/// <remarks>
/// <para>Thread-safe; share one among all connections. It keeps its own handle of the key: certificates given to the factories may be disposed afterwards.
/// Dispose it when the servers and clients that use it are gone.</para>
/// <para>The factories throw <see cref="CryptographicException"/> with a message that says what is wrong with the certificate or the key.</para>
/// </remarks>
public sealed class TlsCredential : IDisposable
{
    private static readonly SignatureScheme[] s_allSchemes = Enum.GetValues<SignatureScheme>();

    private readonly SigningKeyPool? _key;
    private readonly SignatureScheme[] _schemes12;
    private readonly SignatureScheme[] _schemes13;
    private readonly byte[][] _issuers;
    private IReadOnlyList<string> _serverNames;
    private volatile byte[]? _ocspResponse;
    private volatile byte[]? _timestamps;
    private volatile SignatureScheme[]? _preferences;

    private TlsCredential(X509Certificate2 leaf, IEnumerable<X509Certificate2>? others, SigningKeyPool? key, ITlsSigner? signer, IEnumerable<SignatureScheme>? schemes)
    {
        Leaf = X509CertificateLoader.LoadCertificate(leaf.RawDataMemory.Span);
        using var publicKey = PublicKeyOf(Leaf);
        Authentication = publicKey.Authentication;
        Curve = publicKey.Curve;

        var allowed = schemes?.ToArray() ?? s_allSchemes;
        _schemes12 = [.. allowed.Where(scheme => publicKey.Fits(scheme, TlsVersion.Tls12))];
        _schemes13 = [.. allowed.Where(scheme => publicKey.Fits(scheme, TlsVersion.Tls13))];
        if (_schemes12.Length == 0)
        {
            throw new CryptographicException($"None of the signature schemes that were given fits the key of the certificate {Leaf.Subject}.");
        }

        var path = CertificatePath.From(Leaf, others ?? []);
        Chain = [.. path.Select(certificate => (ReadOnlyMemory<byte>)certificate.RawData)];
        ChainSignatures = ChainSignatures.Of(path);
        _issuers = [.. path.Select(certificate => certificate.IssuerName.RawData)];
        _serverNames = HostNames.Of(Leaf);
        _key = key;
        Signer = signer;
    }

    /// <summary>The certificate itself, without its private key. It lives as long as the credential.</summary>
    public X509Certificate2 Leaf { get; }

    /// <summary>The certificates as they are sent, in DER: the leaf, then each one's issuer; the root is left out (RFC 5246 §7.4.2).</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Chain { get; }

    /// <summary>
    /// The host names for which a server shows this credential (server_name, RFC 6066 §3): exact ones, or wildcards for one label (<c>*.example.com</c>).
    /// By default the subject alternative names of the certificate. A <c>TlsServer</c> reads them once, when it is made.
    /// </summary>
    /// <exception cref="ArgumentException">One that is set is neither a host name nor <c>*.</c> and a host name.</exception>
    public IReadOnlyList<string> ServerNames
    {
        get => _serverNames;
        set => _serverNames = [.. value.Select(HostNames.NormalizePattern)];
    }

    /// <summary>
    /// A DER OCSPResponse for the leaf, which a server sends to clients that ask for one (RFC 6066 §8, RFC 8446 §4.4.2.1). The application keeps it fresh; it may be
    /// exchanged at any time. Null (the default): none is sent.
    /// </summary>
    /// <exception cref="ArgumentException">It is empty, or larger than a message may be.</exception>
    public byte[]? OcspResponse
    {
        get => _ocspResponse;
        set => _ocspResponse = value is null or { Length: > 0 and <= ushort.MaxValue - 4 }
            ? value
            : throw new ArgumentException($"an OCSP response of {value.Length} bytes cannot be sent: 1 to {ushort.MaxValue - 4} can", nameof(value));
    }

    /// <summary>
    /// A SignedCertificateTimestampList (RFC 6962 §3.3), which a server sends to clients that ask for it. It may be exchanged at any time. Null (the default): none is sent.
    /// </summary>
    /// <exception cref="ArgumentException">It is not such a list.</exception>
    public byte[]? SignedCertificateTimestamps
    {
        get => _timestamps;
        set => _timestamps = value is null || SignedCertificateTimestampExtension.IsList(value)
            ? value
            : throw new ArgumentException("this is not a SignedCertificateTimestampList (RFC 6962 §3.3)", nameof(value));
    }

    /// <summary>
    /// The schemes that this credential signs with, in order of preference; those that do not fit its key are passed over. Null (the default): those of the options
    /// (<see cref="TlsServerOptions.SignatureSchemes"/>, <see cref="TlsClientOptions.SignatureSchemes"/>). It may be exchanged at any time.
    /// </summary>
    public IReadOnlyList<SignatureScheme>? SignatureSchemes
    {
        get => _preferences;
        set => _preferences = value is null ? null : [.. value];
    }

    /// <summary>By what the certificates of the chain are signed.</summary>
    internal ChainSignatures ChainSignatures { get; }

    /// <summary>The signer of a key that lives elsewhere; null if the key is here.</summary>
    internal ITlsSigner? Signer { get; }

    /// <summary>Which suites of TLS 1.2 the key can authenticate.</summary>
    internal SuiteAuthentication Authentication { get; }

    /// <summary>The curve of an ECDSA key; null for RSA.</summary>
    internal NamedGroup? Curve { get; }

    /// <summary>
    /// From PEM text (RFC 7468): the leaf certificate and any intermediates in any order, and the private key as PKCS#8, SEC 1 or PKCS#1.
    /// </summary>
    /// <param name="certificatePem">One or more <c>CERTIFICATE</c> blocks. The leaf is the one that the private key belongs to.</param>
    /// <param name="keyPem">Exactly one private key; other blocks are ignored, so it may be the same text as <paramref name="certificatePem"/>.</param>
    /// <param name="password">For an <c>ENCRYPTED PRIVATE KEY</c>.</param>
    /// <exception cref="CryptographicException">No certificate, no key, a key that belongs to none of the certificates, an encrypted key without its password, a kind of key that is not supported.</exception>
    public static TlsCredential FromPem(string certificatePem, string keyPem, string? password = null)
    {
        ArgumentNullException.ThrowIfNull(certificatePem);
        ArgumentNullException.ThrowIfNull(keyPem);
        using var certificates = new CertificateList();
        certificates.Items.ImportFromPem(certificatePem);
        if (certificates.Items.Count == 0)
        {
            throw new CryptographicException("No certificate was found: a PEM block 'CERTIFICATE' is needed.");
        }

        using var key = PrivateKeyPem.Read(keyPem, password);
        using var leaf = PrivateKeyPem.Join(certificates.Items, key);
        return Create(leaf, certificates.Items);
    }

    /// <summary>From PEM files; see <see cref="FromPem"/>.</summary>
    /// <param name="certificatePath">The file with the certificates.</param>
    /// <param name="keyPath">The file with the private key; null if it stands in <paramref name="certificatePath"/> too.</param>
    /// <param name="password">For an encrypted private key.</param>
    /// <exception cref="CryptographicException">As for <see cref="FromPem"/>.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static TlsCredential FromPemFile(string certificatePath, string? keyPath = null, string? password = null)
    {
        var certificates = File.ReadAllText(certificatePath);
        return FromPem(certificates, keyPath is null ? certificates : File.ReadAllText(keyPath), password);
    }

    /// <summary>From PKCS#12 (a .pfx or .p12): the certificate that has the private key is the leaf, the others may become part of the chain.</summary>
    /// <exception cref="CryptographicException">The password is wrong, there is no private key or more than one, or a kind of key that is not supported.</exception>
    public static TlsCredential FromPfx(ReadOnlySpan<byte> data, string? password = null)
    {
        // Keys stay in memory, except on macOS, which cannot do that.
        var storage = OperatingSystem.IsMacOS() ? X509KeyStorageFlags.DefaultKeySet : X509KeyStorageFlags.EphemeralKeySet;
        using var certificates = new CertificateList();
        certificates.Items.AddRange(X509CertificateLoader.LoadPkcs12Collection(data, password, storage));
        var withKey = certificates.Items.Where(certificate => certificate.HasPrivateKey).ToList();
        return withKey.Count switch
        {
            0 => throw new CryptographicException("The PKCS#12 data holds no certificate with a private key."),
            1 => Create(withKey[0], certificates.Items),
            _ => throw new CryptographicException($"The PKCS#12 data holds {withKey.Count} private keys: keep the one that is to be used."),
        };
    }

    /// <summary>From a PKCS#12 file; see <see cref="FromPfx"/>.</summary>
    /// <exception cref="CryptographicException">As for <see cref="FromPfx"/>.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static TlsCredential FromPfxFile(string path, string? password = null) => FromPfx(File.ReadAllBytes(path), password);

    /// <summary>From a certificate that has its private key, and the intermediates to send with it. Nothing is looked up in the certificate stores.</summary>
    /// <exception cref="CryptographicException">It has no private key, or a kind of key that is not supported.</exception>
    public static TlsCredential FromCertificate(X509Certificate2 certificate, IEnumerable<X509Certificate2>? chain = null)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return Create(certificate, chain);
    }

    /// <summary>From a certificate whose private key lives elsewhere.</summary>
    /// <param name="certificate">The leaf; a private key that it may have is not used.</param>
    /// <param name="chain">Intermediates to send with it; may be null.</param>
    /// <param name="signer">Makes the signatures.</param>
    /// <param name="schemes">The signature schemes that the signer can do; null means all that fit the public key.</param>
    /// <exception cref="CryptographicException">A kind of key that is not supported, or no scheme that fits it.</exception>
    public static TlsCredential FromSigner(X509Certificate2 certificate, IEnumerable<X509Certificate2>? chain, ITlsSigner signer, IEnumerable<SignatureScheme>? schemes = null)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(signer);
        return new TlsCredential(certificate, chain, null, signer, schemes);
    }

    /// <summary>Lets the private key and <see cref="Leaf"/> go. A signature under way ends first.</summary>
    public void Dispose()
    {
        _key?.Dispose();
        Leaf.Dispose();
    }

    /// <summary>Subject and kind of key; never anything secret.</summary>
    public override string ToString() => $"{Leaf.Subject} ({(Curve is { } curve ? $"ECDSA {curve}" : "RSA")})";

    /// <summary>The schemes to sign with, in order: its own, or else those of the options.</summary>
    internal ReadOnlySpan<SignatureScheme> Preferences(ReadOnlyMemory<SignatureScheme> ofOptions) => _preferences is { } own ? own : ofOptions.Span;

    /// <summary>Whether the key can make signatures of this scheme in this version of TLS. An unknown number is a scheme it cannot make.</summary>
    internal bool CanSign(ushort scheme, TlsVersion version) =>
        Array.IndexOf(version == TlsVersion.Tls12 ? _schemes12 : _schemes13, (SignatureScheme)scheme) >= 0;

    /// <summary>Signs with the key that is here; for a remote one ask <see cref="Signer"/>.</summary>
    internal byte[] Sign(SignatureScheme scheme, ReadOnlySpan<byte> data) =>
        _key is { } key ? key.Sign(scheme, data) : throw new InvalidOperationException("The key of this credential is remote.");

    /// <summary>Whether some certificate of the chain was issued by one of these names (DER); an empty list is anybody (RFC 5246 §7.4.4).</summary>
    internal bool IsIssuedByAnyOf(IReadOnlyList<ReadOnlyMemory<byte>> names)
    {
        for (var i = 0; i < names.Count; i++)
        {
            foreach (var issuer in _issuers)
            {
                if (PublicBytes.AreEqual(names[i].Span, issuer))
                {
                    return true;
                }
            }
        }

        return names.Count == 0;
    }

    private static TlsCredential Create(X509Certificate2 leaf, IEnumerable<X509Certificate2>? chain)
    {
        var key = new SigningKeyPool(leaf);
        try
        {
            return new TlsCredential(leaf, chain, key, null, null);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    private static PeerKey PublicKeyOf(X509Certificate2 certificate)
    {
        try
        {
            return PeerKey.FromCertificate(certificate.RawDataMemory);
        }
        catch (TlsFaultException e)
        {
            throw new CryptographicException($"The certificate {certificate.Subject} cannot be used: {e.Message}.", e);
        }
    }
}
