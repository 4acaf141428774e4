using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Kippu.AspNetCore.Connections;

/// <summary>A connection's features, as Kestrel's own HTTPS middleware sets them, and ours.</summary>
internal sealed class KippuConnectionFeature(TlsDuplexPipe tls) : ITlsConnectionFeature, ITlsHandshakeFeature, ITlsApplicationProtocolFeature, IKippuConnectionFeature
{
    private readonly TlsConnectionInfo _info = tls.Info;
    private X509Certificate2? _replaced;

    public TlsConnectionInfo Info => tls.IsAuthenticated ? tls.Info : _info;

    public bool IsHandshakeComplete => tls.IsAuthenticated;

    public X509Certificate2? ClientCertificate
    {
        get => _replaced ?? _info.PeerCertificate;
        set => _replaced = value;
    }

    public ReadOnlyMemory<byte> ApplicationProtocol => _info.ApplicationProtocol.Protocol;

    public SslProtocols Protocol => _info.Protocol;

    public TlsCipherSuite? NegotiatedCipherSuite => _info.CipherSuite;

    public string HostName => _info.ServerName ?? "";

#pragma warning disable SYSLIB0058 // The members are obsolete, and their interface is not: what SslStream says of suites with AEAD.
    public CipherAlgorithmType CipherAlgorithm => IsChaCha ? CipherAlgorithmType.None : IsAes256 ? CipherAlgorithmType.Aes256 : CipherAlgorithmType.Aes128;

    public int CipherStrength => IsAes256 || IsChaCha ? 256 : 128;

    public HashAlgorithmType HashAlgorithm => HashAlgorithmType.None;

    public int HashStrength => 0;

    public ExchangeAlgorithmType KeyExchangeAlgorithm => Protocol == SslProtocols.Tls13 ? ExchangeAlgorithmType.None : ExchangeAlgorithmType.DiffieHellman;

    public int KeyExchangeStrength => 0;
#pragma warning restore SYSLIB0058

    private bool IsChaCha => _info.CipherSuite.ToString().Contains("CHACHA20", StringComparison.Ordinal);

    private bool IsAes256 => _info.CipherSuite.ToString().Contains("AES_256", StringComparison.Ordinal);

    public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(ClientCertificate);
}
