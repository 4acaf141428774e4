using System.Security.Cryptography.X509Certificates;
using Kippu.Alerts;
using Kippu.Certificates;
using Kippu.Resumption;
using Kippu.Wire;
using Kippu.Wire.Extensions;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>The certificate that the peer shows in TLS 1.3, on either side: its key at once, its verdict when it is there, its possession with CertificateVerify.</summary>
internal sealed class PeerIdentity13 : IDisposable
{
    private readonly PeerKey _key;

    private PeerIdentity13(IReadOnlyList<ReadOnlyMemory<byte>> chain, PeerKey key)
    {
        Chain = chain;
        Leaf = chain[0].ToArray();
        Others = [.. chain.Skip(1).Select(der => der.ToArray())];
        _key = key;
    }

    /// <summary>As it came; valid as long as the message is.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Chain { get; }

    public byte[] Leaf { get; }

    /// <summary>What came after the leaf.</summary>
    public IReadOnlyList<byte[]> Others { get; }

    /// <summary>What was stapled to the leaf (RFC 8446 §4.4.2.1).</summary>
    public byte[]? OcspResponse { get; private init; }

    public byte[]? SignedCertificateTimestamps { get; private init; }

    public X509Certificate2? Certificate { get; private set; }

    public PeerVerification Verification { get; private set; }

    public SignatureScheme Scheme { get; private set; }

    /// <param name="message">The Certificate; not empty.</param>
    /// <param name="offered">The extensions of the message that asks for it: of the ClientHello, or of the CertificateRequest.</param>
    public static PeerIdentity13 Parse(CertificateMessage13 message, UInt16List offered)
    {
        foreach (var entry in message.Entries)
        {
            // RFC 8446 §4.4.2: "Extensions in the Certificate message from the server MUST correspond to ones from the ClientHello message", and from the client "to
            // extensions in the CertificateRequest message from the server".
            ExtensionReader.InsistOnOffered(entry.ExtensionBlock, offered);
        }

        var chain = message.Entries.Select(entry => entry.Certificate).ToArray();
        return new PeerIdentity13(chain, PeerKey.FromCertificate(chain[0]))
        {
            OcspResponse = message.Entries[0].OcspResponse?.ToArray(),
            SignedCertificateTimestamps = message.Entries[0].SignedCertificateTimestamps?.ToArray(),
        };
    }

    /// <exception cref="TlsFaultException">It is refused.</exception>
    public void Accept(CertificateVerdict verdict, string whose)
    {
        if (verdict.Fault is { } fault)
        {
            verdict.Leaf?.Dispose();
            throw new TlsFaultException(fault, $"the {whose}'s certificate is refused: {verdict.Detail}");
        }

        Certificate = verdict.Leaf;
        Verification = verdict.IsOverruled ? PeerVerification.Overruled : PeerVerification.Verified;
    }

    /// <summary>RFC 8446 §4.4.3.</summary>
    public void Verify(CertificateVerify verify, IReadOnlyList<SignatureScheme> offered, bool byServer, ReadOnlySpan<byte> transcriptHash)
    {
        Scheme = (SignatureScheme)verify.Scheme;
        // RFC 8446 §4.4.3: "If the CertificateVerify message is sent by a server, the signature algorithm MUST be one offered in the client's "signature_algorithms"
        // extension", and the same of a client; PKCS#1 and SHA-1 fit no key in TLS 1.3.
        if (!offered.Contains(Scheme) || !_key.Fits(Scheme, TlsVersion.Tls13))
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, $"CertificateVerify: the scheme 0x{verify.Scheme:x4} was not offered or does not fit the certificate's key");
        }

        if (!_key.Verify(Scheme, CertificateVerify.ContentToSign(byServer, transcriptHash), verify.Signature.Span))
        {
            throw new TlsFaultException(TlsFault.BadSignature, "CertificateVerify: the signature does not verify");
        }
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
