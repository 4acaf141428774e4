using Kippu.Alerts;
using Kippu.Certificates;
using Kippu.Wire;
using Kippu.Wire.Extensions;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>The certificate that the peer shows in TLS 1.3; either side proves its possession with CertificateVerify.</summary>
internal sealed class PeerIdentity13 : PeerIdentity
{
    private PeerIdentity13(IReadOnlyList<ReadOnlyMemory<byte>> chain, PeerKey key, bool isServer)
        : base(chain[0], key, isServer)
    {
        Chain = chain;
        Others = [.. chain.Skip(1).Select(der => der.ToArray())];
    }

    /// <summary>As it came; valid as long as the message is.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Chain { get; }

    /// <summary>What came after the leaf.</summary>
    public IReadOnlyList<byte[]> Others { get; }

    /// <summary>What was stapled to the leaf (RFC 8446 §4.4.2.1).</summary>
    public byte[]? OcspResponse { get; private init; }

    public byte[]? SignedCertificateTimestamps { get; private init; }

    public SignatureScheme Scheme { get; private set; }

    /// <param name="message">The Certificate; not empty.</param>
    /// <param name="offered">The extensions of the message that asks for it: of the ClientHello, or of the CertificateRequest.</param>
    /// <param name="isServer">Whose it is.</param>
    public static PeerIdentity13 Parse(CertificateMessage13 message, UInt16List offered, bool isServer)
    {
        foreach (var entry in message.Entries)
        {
            // RFC 8446 §4.4.2: "Extensions in the Certificate message from the server MUST correspond to ones from the ClientHello message", and from the client "to
            // extensions in the CertificateRequest message from the server".
            ExtensionReader.InsistOnOffered(entry.ExtensionBlock, offered);
        }

        var chain = message.Entries.Select(entry => entry.Certificate).ToArray();
        return new PeerIdentity13(chain, PeerKey.FromCertificate(chain[0]), isServer)
        {
            OcspResponse = message.Entries[0].OcspResponse?.ToArray(),
            SignedCertificateTimestamps = message.Entries[0].SignedCertificateTimestamps?.ToArray(),
        };
    }

    /// <summary>RFC 8446 §4.4.3.</summary>
    public void Verify(CertificateVerify verify, IReadOnlyList<SignatureScheme> offered, ReadOnlySpan<byte> transcriptHash)
    {
        Scheme = (SignatureScheme)verify.Scheme;
        // RFC 8446 §4.4.3: "If the CertificateVerify message is sent by a server, the signature algorithm MUST be one offered in the client's "signature_algorithms"
        // extension", and the same of a client; PKCS#1 and SHA-1 fit no key in TLS 1.3.
        if (!offered.Contains(Scheme) || !Key.Fits(Scheme, TlsVersion.Tls13))
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, $"CertificateVerify: the scheme 0x{verify.Scheme:x4} was not offered or does not fit the certificate's key");
        }

        if (!Key.Verify(Scheme, CertificateVerify.ContentToSign(byServer: IsServer, transcriptHash), verify.Signature.Span))
        {
            throw new TlsFaultException(TlsFault.BadSignature, "CertificateVerify: the signature does not verify");
        }
    }
}
