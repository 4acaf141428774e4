using System.Security.Cryptography.X509Certificates;
using Kippu.Alerts;
using Kippu.Certificates;
using Kippu.Resumption;

namespace Kippu.Handshake;

/// <summary>The certificate that the peer shows: its key at once, its verdict when it is there. How its possession is proved is each version's own affair.</summary>
internal abstract class PeerIdentity(ReadOnlyMemory<byte> leaf, PeerKey key, bool isServer) : IDisposable
{
    private X509Certificate2? _certificate;

    public byte[] Leaf { get; } = leaf.ToArray();

    public PeerVerification Verification { get; private set; }

    protected PeerKey Key { get; } = key;

    protected bool IsServer { get; } = isServer;

    /// <exception cref="TlsFaultException">It is refused.</exception>
    public void Accept(CertificateVerdict verdict)
    {
        if (verdict.Fault is { } fault)
        {
            verdict.Leaf?.Dispose();
            throw new TlsFaultException(fault, $"the {(IsServer ? "server" : "client")}'s certificate is refused: {verdict.Detail}");
        }

        _certificate = verdict.Leaf;
        Verification = verdict.IsOverruled ? PeerVerification.Overruled : PeerVerification.Verified;
    }

    /// <summary>The certificate, for who keeps it from now on.</summary>
    public X509Certificate2? TakeCertificate()
    {
        var certificate = _certificate;
        _certificate = null;
        return certificate;
    }

    public void Dispose()
    {
        _certificate?.Dispose();
        Key.Dispose();
    }
}
