using System.Security.Cryptography.X509Certificates;
using Kippu.Alerts;
using Kippu.Certificates;
using Kippu.Resumption;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>The certificate that a client shows in a full handshake: its key at once, its verdict when it is there, its possession with CertificateVerify.</summary>
internal sealed class ClientIdentity12 : IDisposable
{
    private readonly PeerKey _key;

    private ClientIdentity12(byte[] leaf, byte[][] chain, PeerKey key)
    {
        Leaf = leaf;
        Chain = chain;
        _key = key;
    }

    public byte[] Leaf { get; }

    /// <summary>What came after the leaf.</summary>
    public byte[][] Chain { get; }

    public X509Certificate2? Certificate { get; private set; }

    public PeerVerification Verification { get; private set; }

    public SignatureScheme? Scheme { get; private set; }

    public static ClientIdentity12 Parse(IReadOnlyList<ReadOnlyMemory<byte>> chain)
    {
        var others = new byte[chain.Count - 1][];
        for (var i = 0; i < others.Length; i++)
        {
            others[i] = chain[i + 1].ToArray();
        }

        return new ClientIdentity12(chain[0].ToArray(), others, PeerKey.FromCertificate(chain[0]));
    }

    public void Accept(CertificateVerdict verdict)
    {
        if (verdict.Fault is { } fault)
        {
            verdict.Leaf?.Dispose();
            throw new TlsFaultException(fault, $"the client's certificate is refused: {verdict.Detail}");
        }

        Certificate = verdict.Leaf;
        Verification = verdict.IsOverruled ? PeerVerification.Overruled : PeerVerification.Verified;
    }

    /// <summary>RFC 5246 §7.4.8: the signature over all handshake messages so far.</summary>
    public void Verify(CertificateVerify verify, IReadOnlyList<SignatureScheme> offered, ReadOnlySpan<byte> messages)
    {
        var scheme = (SignatureScheme)verify.Scheme;
        // RFC 5246 §7.4.8: "The hash and signature algorithms used in the signature MUST be one of those present in the supported_signature_algorithms field
        // of the CertificateRequest message."
        if (!offered.Contains(scheme) || !_key.Fits(scheme, TlsVersion.Tls12))
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, $"CertificateVerify: the scheme 0x{verify.Scheme:x4} was not offered or does not fit the certificate's key");
        }

        if (!_key.Verify(scheme, messages, verify.Signature.Span))
        {
            throw new TlsFaultException(TlsFault.BadSignature, "CertificateVerify: the client's signature does not verify");
        }

        Scheme = scheme;
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
