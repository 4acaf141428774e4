using System.Text.RegularExpressions;
using Kippu.InteropTests.Machinery;

namespace Kippu.InteropTests.Peers;

/// <summary>nginx as a client: a proxy that is asked by plain HTTP and fetches the page over TLS. Its debug log has the words.</summary>
internal sealed partial class NginxClient : ClientPeer
{
    public override string Name => "nginx (proxy_pass)";

    public override async Task<IReadOnlyList<PeerWords>> ConnectAsync(ClientTask task, CancellationToken cancellationToken)
    {
        var port = FreePort.Next();
        await using var process = PeerProcess.Start("nginx", ["-e", "stderr", "-c", task.Folder.Write("nginx.conf", Configuration(task, port))], folder: task.Folder.Path);
        await FreePort.WaitUntilOpenAsync(port, process, cancellationToken);
        using var http = new HttpClient();
        List<PeerWords> words = [];
        for (var connection = 0; connection < task.Connections; connection++)
        {
            var heard = process.Lines.Count;
            (await http.GetAsync(new Uri($"http://127.0.0.1:{port}/"), cancellationToken)).EnsureSuccessStatusCode();
            words.Add(await process.WaitUntilAsync(Read, cancellationToken, heard));
        }

        return words;
    }

    private static string Configuration(ClientTask task, int port) => NginxFile.Around(task.Folder, "debug", $$"""
          server {
            listen 127.0.0.1:{{port}};
            location / {
              proxy_pass https://127.0.0.1:{{task.Port}};
              proxy_ssl_protocols TLSv1.2{{(task.AllVersions ? " TLSv1.3" : "")}};
              proxy_ssl_session_reuse on;
              proxy_ssl_server_name on;
              proxy_ssl_name localhost;
              proxy_ssl_verify on;
              proxy_ssl_verify_depth 3;
              proxy_ssl_trusted_certificate {{PeerPki.Root}};
              {{(task.Tickets ? "" : "proxy_ssl_conf_command Options -SessionTicket;")}}
              {{(task.ClientCertificate is { } own ? $"proxy_ssl_certificate {own.CertificatePath}; proxy_ssl_certificate_key {own.KeyPath};" : "")}}
            }
          }
        """);

    private static PeerWords? Read(IReadOnlyList<string> lines)
    {
        if (lines.Select(line => Cipher().Match(line)).FirstOrDefault(match => match.Success) is not { } cipher || !lines.Any(line => line.Contains("close http upstream connection", StringComparison.Ordinal)))
        {
            return null;
        }

        var reused = lines.Any(line => line.EndsWith("SSL reused session", StringComparison.Ordinal));
        return new PeerWords { Resumed = reused, Session = reused ? "SSL reused session" : $"{cipher.Value} …\"", Suite = cipher.Groups["suite"].Value };
    }

    [GeneratedRegex("""SSL: TLSv1\.[23], cipher: "(?<suite>[^ ]+)""")]
    private static partial Regex Cipher();
}
