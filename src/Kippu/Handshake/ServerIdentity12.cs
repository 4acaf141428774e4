using Kippu.Alerts;
using Kippu.Certificates;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>The certificate that a server shows; it proves its possession with ServerKeyExchange.</summary>
internal sealed class ServerIdentity12 : PeerIdentity
{
    private ServerIdentity12(ReadOnlyMemory<byte> leaf, PeerKey key)
        : base(leaf, key, isServer: true)
    {
    }

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

        return new ServerIdentity12(chain[0], key);
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
        if (!policy.SignatureSchemes.Contains(scheme) || !Key.Fits(scheme, TlsVersion.Tls12))
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, $"ServerKeyExchange: the scheme 0x{exchange.Scheme:x4} was not offered or does not fit the certificate's key");
        }

        byte[] signed = [.. clientRandom, .. serverRandom, .. exchange.Parameters.Span];
        return Key.Verify(scheme, signed, exchange.Signature.Span)
            ? scheme
            : throw new TlsFaultException(TlsFault.BadSignature, "ServerKeyExchange: the server's signature does not verify");
    }
}
