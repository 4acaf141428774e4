using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Kippu.Fleet;

namespace Kippu.Tests.Documents;

/// <summary>The code of the READMEs, line by line (DocumentsTests compares), so that it compiles and runs.</summary>
internal static class ReadmeSample
{
    public static TlsServer Server(string ringFile, string operatorKeyFile, string certificateFile, string keyFile)
    {
        var ring = new FileRing(ringFile, new FileRingOptions { OperatorKeyFiles = { operatorKeyFile } });   // the same file on every node, and followed
        var server = new TlsServer(new TlsServerOptions
        {
            Credentials = { TlsCredential.FromPemFile(certificateFile, keyFile) },
            Tickets = { Ring = ring },
            ScopeName = "shop",                                              // two services on one ring never meet
        });
        return server;
    }

    public static async Task<TlsConnectionInfo> Serve(TlsServer server, Socket socket)
    {
        await using var tls = new TlsStream(new NetworkStream(socket, ownsSocket: true));
        await tls.AuthenticateAsServerAsync(server);
        Console.WriteLine($"resumed by {tls.Info.Resumption}; refusal: {tls.Info.TicketRefusal}");
        await Answer(tls);
        return tls.Info;
    }

    public static TlsClient Client(string rootFile)
    {
        var client = new TlsClient(new TlsClientOptions
        {
            ServerVerification = { CustomTrustRoots = [X509CertificateLoader.LoadCertificateFromFile(rootFile)] }, // without it: the system's roots
        });
        return client;
    }

    public static async Task<TlsConnectionInfo> Connect(TlsClient client, TcpClient tcp)
    {
        await using var tls = new TlsStream(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(client, new TlsTarget("localhost", 443));
        await Ask(tls);
        return tls.Info;
    }

    private static async Task Answer(TlsStream tls)
    {
        await tls.ReadExactlyAsync(new byte[1]);
        await tls.WriteAsync(new byte[1]);
    }

    private static async Task Ask(TlsStream tls)
    {
        await tls.WriteAsync(new byte[1]);
        await tls.ReadExactlyAsync(new byte[1]);
    }
}
