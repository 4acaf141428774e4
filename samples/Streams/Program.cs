using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kippu;

// Two servers with one ring of keys, and a client that visits one and then the other.
using var certificate = MakeCertificate();
using var ring = new InProcessRing();
var client = new TlsClient(new TlsClientOptions { ServerVerification = { CustomTrustRoots = [certificate] } });

Console.WriteLine($"first server: {await Visit(client, MakeServer())}");
Console.WriteLine($"second server: {await Visit(client, MakeServer())}");

TlsServer MakeServer() => new(new TlsServerOptions { Credentials = { TlsCredential.FromCertificate(certificate) }, Tickets = { Ring = ring }, ScopeName = "sample" });

// One connection: the client says a line, the server answers with the same.
static async Task<string> Visit(TlsClient client, TlsServer server)
{
    using var listener = new TcpListener(IPAddress.Loopback, 0);
    listener.Start();
    var serving = Serve(listener, server);

    using var tcp = new TcpClient();
    await tcp.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
    await using var tls = new TlsStream(tcp.GetStream());
    await tls.AuthenticateAsClientAsync(client, new TlsTarget("localhost", 443));

    await tls.WriteAsync("hello\n"u8.ToArray());
    var answer = await new StreamReader(tls, Encoding.ASCII, leaveOpen: true).ReadLineAsync();
    await serving;
    return $"{answer}, {(tls.Info.Resumption == ResumptionKind.None ? "full handshake" : "resumed")}";
}

static async Task Serve(TcpListener listener, TlsServer server)
{
    using var tcp = await listener.AcceptTcpClientAsync();
    await using var tls = new TlsStream(tcp.GetStream());
    await tls.AuthenticateAsServerAsync(server);

    var line = await new StreamReader(tls, Encoding.ASCII, leaveOpen: true).ReadLineAsync();
    await tls.WriteAsync(Encoding.ASCII.GetBytes($"{line}\n"));
}

static X509Certificate2 MakeCertificate()
{
    using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
    var names = new SubjectAlternativeNameBuilder();
    names.AddDnsName("localhost");
    request.CertificateExtensions.Add(names.Build());
    return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddDays(1));
}
