using System.Security.Cryptography.X509Certificates;
using Kippu.Alerts;
using Kippu.Certificates;
using Kippu.Resumption;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>The certificate that a server shows: its key at once, its verdict when it is there, its possession with ServerKeyExchange.</summary>
internal sealed class ServerIdentity12 : IDisposable
{
    private readonly PeerKey _key;

    private ServerIdentity12(byte[] leaf, PeerKey key)
    {
        Leaf = leaf;
        _key = key;
    }

    public byte[] Leaf { get; }

    public X509Certificate2? Certificate { get; private set; }

    public PeerVerification Verification { get; private set; }

    public static ServerIdentity12 Parse(IReadOnlyList<ReadOnlyMemory<byte>> chain, CipherSuite suite, IReadOnlyList<NamedGroup> groups)
    {
        var key = PeerKey.FromCertificate(chain[0]);
        // RFC 8422 §2: ECDHE_ECDSA needs a certificate with an ECDSA key, ECDHE_RSA one with an RSA key.
        if (key.Authentication != suite.Authentication)
        {
            key.Dispose();
            throw new TlsFaultException(TlsFault.UnsupportedCertificate, $"Certificate: the server's {key.Authentication} key does not fit the suite {suite}");
        }

        // RFC 8422 §5.3: the key "MUST ... employ a curve and a point format that the client supports", which is what supported_groups says, for certificates too.
        if (key.Curve is { } curve && !groups.Contains(curve))
        {
            key.Dispose();
            throw new TlsFaultException(TlsFault.UnsupportedCertificate, $"Certificate: the server's key is on {curve}, which was not offered");
        }

        return new ServerIdentity12(chain[0].ToArray(), key);
    }

    public void Accept(CertificateVerdict verdict)
    {
        if (verdict.Fault is { } fault)
        {
            verdict.Leaf?.Dispose();
            throw new TlsFaultException(fault, $"the server's certificate is refused: {verdict.Detail}");
        }

        Certificate = verdict.Leaf;
        Verification = verdict.IsOverruled ? PeerVerification.Overruled : PeerVerification.Verified;
    }

    /// <summary>RFC 8422 §5.4: the signature covers both randoms and the parameters.</summary>
    public SignatureScheme Verify(ServerKeyExchange exchange, ClientPolicy policy, ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> serverRandom)
    {
        if (!policy.Groups.Contains((NamedGroup)exchange.Group) || exchange.Group == (ushort)NamedGroup.X25519MLKem768)
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, $"ServerKeyExchange: the group {exchange.Group} was not offered");
        }

        var scheme = (SignatureScheme)exchange.Scheme;
        // RFC 5246 §7.4.3: "the signature algorithm and hash algorithm MUST be a pair offered in the "signature_algorithms" extension", and "compatible with the key
        // in the server's end-entity certificate".
        if (!policy.SignatureSchemes.Contains(scheme) || !_key.Fits(scheme, TlsVersion.Tls12))
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, $"ServerKeyExchange: the scheme 0x{exchange.Scheme:x4} was not offered or does not fit the certificate's key");
        }

        byte[] signed = [.. clientRandom, .. serverRandom, .. exchange.Parameters.Span];
        return _key.Verify(scheme, signed, exchange.Signature.Span)
            ? scheme
            : throw new TlsFaultException(TlsFault.BadSignature, "ServerKeyExchange: the server's signature does not verify");
    }

    /// <summary>The certificate, for who keeps it from now on.</summary>
    public X509Certificate2? TakeCertificate()
    {
        var certificate = Certificate;
        Certificate = null;
        return certificate;
    }

    public void Dispose()
    {
        Certificate?.Dispose();
        _key.Dispose();
    }
}
