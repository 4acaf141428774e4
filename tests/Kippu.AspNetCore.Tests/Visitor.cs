using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kippu.Tests;

namespace Kippu.AspNetCore.Tests;

/// <summary>A client that keeps its sessions, and asks for one page on each connection.</summary>
internal sealed class Visitor
{
    private readonly TlsClient _client;

    public Visitor(SslProtocols protocol = SslProtocols.None, Action<TlsClientOptions>? configure = null)
    {
        var options = new TlsClientOptions { ServerVerification = TestPki.Verification, Protocols = protocol };
        configure?.Invoke(options);
        _client = new TlsClient(options);
    }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Connects, asks for a path, reads to the end, which must be a close_notify.</summary>
    public async Task<string> AskAsync(int port, string path = "/", string serverName = "localhost", string header = "")
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, port, Token);
        await using var tls = new TlsStream(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(_client, new TlsTarget(serverName, 443), Token);
        await tls.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {serverName}\r\nConnection: close\r\n{header}\r\n"), Token);
        using var reader = new StreamReader(tls);
        return await reader.ReadToEndAsync(Token);
    }

    public async Task<Page> VisitAsync(int port, string serverName = "localhost")
    {
        var answer = await AskAsync(port, serverName: serverName);
        return Page.Read(Body(answer));
    }

    /// <summary>The first chunk of an answer, or all of a body that has its length.</summary>
    public static string Body(string answer)
    {
        var body = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        return answer.Contains("Transfer-Encoding: chunked", StringComparison.Ordinal) ? body.Split("\r\n")[1] : body;
    }

    /// <summary>HttpClient, that is, SslStream on the other side.</summary>
    public static async Task<Page> BrowseAsync(int port, Version version, X509Certificate2? certificate = null, Action<X509Certificate2>? shown = null)
    {
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { TestPki.Root.Certificate }, RevocationMode = X509RevocationMode.NoCheck },
                ClientCertificates = certificate is null ? null : [certificate],
            },
        };
        if (shown is not null)
        {
            // A resumed session shows nothing.
            handler.SslOptions.AllowTlsResume = false;
            handler.SslOptions.RemoteCertificateValidationCallback = (_, peer, _, errors) =>
            {
                shown((X509Certificate2)peer!);
                return errors == SslPolicyErrors.None;
            };
        }

        using var http = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://localhost:{port}/") { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await http.SendAsync(request, Token);
        return Page.Read(await answer.Content.ReadAsStringAsync(Token));
    }
}
