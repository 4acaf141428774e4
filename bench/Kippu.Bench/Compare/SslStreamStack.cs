using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kippu.Bench.Scenarios;

namespace Kippu.Bench.Compare;

/// <summary>
/// SslStream at its best: one certificate context for all connections, tickets resumed. Its suite and groups come from OPENSSL_CONF: a CipherSuitesPolicy in the
/// options would make it forget its SSL_CTX after each connection, and never resume.
/// </summary>
internal sealed class SslStreamStack : IStreamStack
{
    private const ushort EcdheEcdsaAes128Gcm = 0xC02B;
    private const ushort X25519 = 29;

    private readonly SslServerAuthenticationOptions _server;
    private readonly SslClientAuthenticationOptions _client;
    private readonly bool _resumes;
    private long _connections;

    public SslStreamStack(Scenario scenario, Identity identity)
    {
        _resumes = scenario.Kind != HandshakeKind.Full;
        _server = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(identity.EcdsaCertificate, null, offline: true),
            EnabledSslProtocols = SslProtocols.Tls12,
            AllowTlsResume = true,
        };
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.Add(identity.Ca);
        _client = new SslClientAuthenticationOptions
        {
            TargetHost = identity.Host,
            EnabledSslProtocols = SslProtocols.Tls12,
            CertificateChainPolicy = policy,
            AllowTlsResume = true,
        };
    }

    public Stream StartServer(Stream inner, out Task handshake)
    {
        var stream = new SslStream(inner);
        handshake = stream.AuthenticateAsServerAsync(_server);
        return stream;
    }

    public Stream StartClient(Stream inner, out Task handshake)
    {
        if (!_resumes)
        {
            // It keeps sessions by host name: one never seen before has none.
            _client.TargetHost = $"host{_connections++}.bench.example";
        }

        var stream = new SslStream(inner);
        handshake = stream.AuthenticateAsClientAsync(_client);
        return stream;
    }

    public bool Check(Stream server, Stream client, ReadOnlySpan<byte> fromServer)
    {
        var flight = ServerFlight.Parse(fromServer);
        return flight.Suite == EcdheEcdsaAes128Gcm && flight.Group is 0 or X25519
            ? flight.Resumed
            : throw new InvalidOperationException($"SslStream negotiated suite 0x{flight.Suite:x4} and group {flight.Group}; is OPENSSL_CONF set?");
    }
}
