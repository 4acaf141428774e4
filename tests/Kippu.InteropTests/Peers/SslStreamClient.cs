using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kippu.InteropTests.Matrix;
using Kippu.Tests;

namespace Kippu.InteropTests.Peers;

/// <summary>.NET's own <see cref="SslStream"/> as client. It has no public word for resumption: the capture judges.</summary>
internal sealed class SslStreamClient : ClientPeer
{
    private static int s_lastHost;

    public override string Name => "SslStream";

    public override async Task<IReadOnlyList<PeerWords>> ConnectAsync(ClientTask task, CancellationToken cancellationToken)
    {
        // The platform keeps client sessions by host name for the whole process: a name of this test's own keeps the tests apart.
        var host = string.Create(CultureInfo.InvariantCulture, $"host{Interlocked.Increment(ref s_lastHost)}.kippu.example");
        var certificate = task.ClientCertificate?.Identity;
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = task.AllVersions ? SslProtocols.Tls12 | SslProtocols.Tls13 : SslProtocols.Tls12,
            ApplicationProtocols = task.Alpn ? [SslApplicationProtocol.Http11] : null,
            CertificateChainPolicy = ChainPolicy(),
            ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate.Certificate, [.. certificate.Intermediates], offline: true),
            CipherSuitesPolicy = task.EverySuite ? new CipherSuitesPolicy(Suites.All) : null,
            AllowTlsResume = task.Tickets || task.Connections > 1,
        };
        List<PeerWords> words = [];
        for (var connection = 0; connection < task.Connections; connection++)
        {
            words.Add(await ConnectOnceAsync(task.Port, options, cancellationToken));
        }

        return words;
    }

    public override async Task<Absence?> LacksAsync(Pattern pattern, CancellationToken cancellationToken)
    {
        if (pattern != Pattern.SessionId)
        {
            return null;
        }

        var hello = (await Evidence.OfClientAsync(this, cancellationToken)).ClientExtensions;
        return new Absence("resumes only with the SessionTicket extension in its hello", $"tshark: its `Client Hello` has the extensions {Evidence.List(hello)}");
    }

    public static X509ChainPolicy ChainPolicy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { TestPki.Root.Certificate },

        // Its tickets hold the client's leaf alone: after a resumption the rest of the chain must come from here.
        ExtraStore = { TestPki.Intermediate.Certificate },
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    public static PeerWords Describe(SslStream stream) => new()
    {
        Resumed = null,
        Session = $"NegotiatedCipherSuite={stream.NegotiatedCipherSuite}",
        Alpn = stream.NegotiatedApplicationProtocol.Protocol.IsEmpty ? null : $"NegotiatedApplicationProtocol={stream.NegotiatedApplicationProtocol}",
        Suite = stream.NegotiatedCipherSuite.ToString(),
        ClientCertificate = $"IsMutuallyAuthenticated={stream.IsMutuallyAuthenticated}",
    };

    private static async Task<PeerWords> ConnectOnceAsync(int port, SslClientAuthenticationOptions options, CancellationToken cancellationToken)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", port, cancellationToken);
        await using var stream = new SslStream(tcp.GetStream());
        await stream.AuthenticateAsClientAsync(options, cancellationToken);
        await stream.WriteAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray(), cancellationToken);
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var response = await reader.ReadToEndAsync(cancellationToken);
        var words = response.Contains(" 200 ", StringComparison.Ordinal) ? Describe(stream) : throw new InvalidOperationException($"SslStream read: {response}");
        await stream.ShutdownAsync();
        return words;
    }
}
