using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>The certificate that the server shows, with what is stapled to it, and the scheme it signs with.</summary>
internal sealed class ServerCredential13(TlsCredential credential, SignatureScheme scheme)
{
    public TlsCredential Credential => credential;

    public SignatureScheme Scheme { get; } = scheme;

    public static ServerCredential13 Choose(ClientHello hello, ServerPolicy policy, HostPolicy host)
    {
        var (credential, scheme) = Negotiation13.ChooseCredential(hello, policy, host);
        return new ServerCredential13(credential, scheme);
    }

    /// <summary>RFC 8446 §4.4.2.1: the stapled response stands in the entry of the certificate that it is about; it is sent only to who asked for it.</summary>
    public CertificateMessage13 Certificate(Terms13 terms)
    {
        var entries = new CertificateEntry[credential.Chain.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new CertificateEntry { Certificate = credential.Chain[i] };
        }

        if (terms.StatusRequest && credential.OcspResponse is { } response)
        {
            entries[0].OcspResponse = response;
        }

        if (terms.SignedCertificateTimestamps && credential.SignedCertificateTimestamps is { } timestamps)
        {
            entries[0].SignedCertificateTimestamps = timestamps;
        }

        return new CertificateMessage13 { Entries = entries };
    }

    public void Sign(HandshakeChannel channel, byte[] content, Action<ReadOnlyMemory<byte>> onSigned) => credential.SignOrAsk(channel, Scheme, content, onSigned);
}
