using Kippu.Alerts;
using Kippu.Certificates;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>The certificate that a client shows in a full handshake; it proves its possession with CertificateVerify.</summary>
internal sealed class ClientIdentity12 : PeerIdentity
{
    private ClientIdentity12(IReadOnlyList<ReadOnlyMemory<byte>> chain, PeerKey key)
        : base(chain[0], key, isServer: false)
    {
        Others = [.. chain.Skip(1).Select(der => der.ToArray())];
    }

    /// <summary>What came after the leaf.</summary>
    public IReadOnlyList<byte[]> Others { get; }

    public SignatureScheme? Scheme { get; private set; }

    public static ClientIdentity12 Parse(IReadOnlyList<ReadOnlyMemory<byte>> chain) => new(chain, PeerKey.FromCertificate(chain[0]));

    /// <summary>RFC 5246 §7.4.8: the signature over all handshake messages so far.</summary>
    public void Verify(CertificateVerify verify, IReadOnlyList<SignatureScheme> offered, ReadOnlySpan<byte> messages)
    {
        var scheme = (SignatureScheme)verify.Scheme;
        // RFC 5246 §7.4.8: "The hash and signature algorithms used in the signature MUST be one of those present in the supported_signature_algorithms field
        // of the CertificateRequest message."
        if (!offered.Contains(scheme) || !Key.Fits(scheme, TlsVersion.Tls12))
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, $"CertificateVerify: the scheme 0x{verify.Scheme:x4} was not offered or does not fit the certificate's key");
        }

        if (!Key.Verify(scheme, messages, verify.Signature.Span))
        {
            throw new TlsFaultException(TlsFault.BadSignature, "CertificateVerify: the client's signature does not verify");
        }

        Scheme = scheme;
    }
}
