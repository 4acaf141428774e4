using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Threading.Channels;

namespace Kippu.InteropTests.Peers;

/// <summary>Accepts connections with SslStream and answers a GET.</summary>
internal sealed class RunningSslStream : RunningServer
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<PeerWords> _words = Channel.CreateUnbounded<PeerWords>();
    private readonly SslServerAuthenticationOptions _options;
    private readonly Task _accepting;

    public RunningSslStream(ServerTask task)
    {
        // The platform keeps ticket keys by certificate, for the whole process: other keys take another certificate.
        var identity = task.TicketKeys[0] == ServerTask.UsualTicketKey ? task.Credential.Identity : PeerPki.EcdsaP384.Identity;
        _options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(identity.Certificate, [.. identity.Intermediates], offline: true),
            EnabledSslProtocols = task.AllVersions ? SslProtocols.Tls12 | SslProtocols.Tls13 : SslProtocols.Tls12,
            ApplicationProtocols = task.Alpn ? [SslApplicationProtocol.Http11] : null,
            CipherSuitesPolicy = task.EverySuite ? new CipherSuitesPolicy(Suites.All) : null,
            AllowTlsResume = task.Tickets,
            ClientCertificateRequired = task.ClientCertificate != ClientCertificateRequirement.None,
            CertificateChainPolicy = SslStreamClient.ChainPolicy(),
            RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                certificate is null ? task.ClientCertificate != ClientCertificateRequirement.Required : errors == SslPolicyErrors.None,
        };
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public override async Task<PeerWords> WordsAsync(string response, CancellationToken cancellationToken) => await _words.Reader.ReadAsync(cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var tcp = await _listener.AcceptTcpClientAsync(_stop.Token);
                await AnswerAsync(tcp);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            // Disposed.
        }
    }

    private async Task AnswerAsync(TcpClient tcp)
    {
        try
        {
            await using var stream = new SslStream(tcp.GetStream());
            await stream.AuthenticateAsServerAsync(_options, _stop.Token);
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 })
            {
                // The header of the request says nothing of interest.
            }

            await stream.WriteAsync("HTTP/1.0 200 OK\r\n\r\nSslStream\n"u8.ToArray(), _stop.Token);
            await stream.ShutdownAsync();
            _words.Writer.TryWrite(SslStreamClient.Describe(stream));
        }
        catch (Exception failure) when (failure is IOException or AuthenticationException)
        {
            _words.Writer.TryWrite(new PeerWords { Resumed = null, Session = failure.Message });
        }
    }
}
