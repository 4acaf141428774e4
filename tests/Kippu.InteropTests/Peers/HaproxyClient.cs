using Kippu.InteropTests.Machinery;

namespace Kippu.InteropTests.Peers;

/// <summary>haproxy as a client: asked by plain HTTP, it fetches the page over TLS and logs what the handshake was.</summary>
internal sealed class HaproxyClient : ClientPeer
{
    public override string Name => "haproxy (server … ssl)";

    public override async Task<IReadOnlyList<PeerWords>> ConnectAsync(ClientTask task, CancellationToken cancellationToken)
    {
        var port = FreePort.Next();
        var server = $"server kippu 127.0.0.1:{task.Port} ssl verify required verifyhost localhost sni str(localhost) ca-file {PeerPki.Root} ssl-min-ver TLSv1.2 " +
            string.Join(' ',
                task.AllVersions ? "" : "ssl-max-ver TLSv1.2",
                task.EarlyData ? "allow-0rtt" : "",
                task.Alpn ? "alpn http/1.1" : "",
                task.Tickets ? "" : "no-tls-tickets",
                task.ClientCertificate is { } own ? $"crt {WriteBoth(task.Folder, own)}" : "");
        await using var process = HaproxyFile.Start(task.Folder, "http", $"""
            frontend plain
              bind 127.0.0.1:{port}
              log global
              log-format "ssl_bc_is_resumed=%[ssl_bc_is_resumed] ssl_bc_cipher=%[ssl_bc_cipher] ssl_bc_alpn=%[ssl_bc_alpn]"
              default_backend tls
            backend tls
              http-reuse never
              {server}
            """);
        await FreePort.WaitUntilOpenAsync(port, process, cancellationToken);
        using var http = new HttpClient();
        List<PeerWords> words = [];
        for (var connection = 0; connection < task.Connections; connection++)
        {
            var heard = process.Lines.Count;
            (await http.GetAsync(new Uri($"http://127.0.0.1:{port}/"), cancellationToken)).EnsureSuccessStatusCode();
            words.Add(Read(await process.WaitUntilAsync(lines => lines.FirstOrDefault(line => line.Contains("ssl_bc_cipher=ECDHE", StringComparison.Ordinal) || line.Contains("ssl_bc_cipher=TLS_", StringComparison.Ordinal)), cancellationToken, heard)));
        }

        return words;
    }

    private static PeerWords Read(string line)
    {
        var words = line[line.IndexOf("ssl_bc_is_resumed", StringComparison.Ordinal)..].Trim().Split(' ');
        return new PeerWords { Resumed = words[0].EndsWith("=1", StringComparison.Ordinal), Session = words[0], Suite = words[1], Alpn = words[2] };
    }

    private static string WriteBoth(TempFolder folder, PeerCredential credential) =>
        folder.Write("client.pem", File.ReadAllText(credential.CertificatePath) + File.ReadAllText(credential.KeyPath));
}
