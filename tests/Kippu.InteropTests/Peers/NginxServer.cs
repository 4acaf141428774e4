using System.Security.Cryptography;
using System.Text;
using Kippu.InteropTests.Machinery;

namespace Kippu.InteropTests.Peers;

/// <summary>nginx; it answers with its own variables about the connection.</summary>
internal sealed class NginxServer : ServerPeer
{
    public override string Name => "nginx";

    public override async Task<RunningServer> StartAsync(ServerTask task, TempFolder folder, CancellationToken cancellationToken)
    {
        var port = FreePort.Next();
        var process = PeerProcess.Start("nginx", ["-e", "stderr", "-c", folder.Write("nginx.conf", Configuration(task, folder, port))], folder: folder.Path);
        await FreePort.WaitUntilOpenAsync(port, process, cancellationToken);
        return new ServerProcess(process, port, (response, _) => Read(response));
    }

    private static string Configuration(ServerTask task, TempFolder folder, int port) => NginxFile.Around(folder, "warn", $$"""
          log_format words "ssl_session_reused=$ssl_session_reused";
          server {
            access_log /dev/stderr words;
            listen 127.0.0.1:{{port}} ssl;
            ssl_certificate {{task.Credential.CertificatePath}};
            ssl_certificate_key {{task.Credential.KeyPath}};
            ssl_protocols TLSv1.2{{(task.AllVersions ? " TLSv1.3" : "")}};
            ssl_session_cache shared:sessions:1m;
            ssl_session_tickets {{(task.Tickets ? "on" : "off")}};
            {{string.Join('\n', task.TicketKeys.Select(key => $"ssl_session_ticket_key {KeyFile(folder, key)};"))}}
            {{(task.Group is { } group ? $"ssl_ecdh_curve {GroupNames.OpenSsl(group)};" : "")}}
            {{(task.EarlyData ? "ssl_early_data on;" : "")}}
            {{ClientVerification(task.ClientCertificate)}}
            location / {
              return 200 "ssl_session_reused=$ssl_session_reused\nssl_cipher=$ssl_cipher\nssl_curve=$ssl_curve\nssl_client_verify=$ssl_client_verify\nssl_alpn_protocol=$ssl_alpn_protocol\nssl_early_data=$ssl_early_data\n";
            }
          }
        """);

    private static string ClientVerification(ClientCertificateRequirement requirement) => requirement == ClientCertificateRequirement.None
        ? ""
        : $"ssl_verify_client {(requirement == ClientCertificateRequirement.Optional ? "optional" : "on")}; ssl_verify_depth 3; ssl_client_certificate {PeerPki.Root};";

    private static string KeyFile(TempFolder folder, string name) => folder.Write($"{name}.ticket.key", SHA512.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 48));

    private static PeerWords Read(string response)
    {
        var lines = response.Split('\n').Select(line => line.Trim()).ToList();
        string Line(string name) => lines.First(line => line.StartsWith(name + "=", StringComparison.Ordinal));
        var reused = Line("ssl_session_reused");
        return new PeerWords
        {
            Resumed = reused.EndsWith("=r", StringComparison.Ordinal),
            Session = "$" + reused,
            Suite = "$" + Line("ssl_cipher"),
            Group = "$" + Line("ssl_curve"),
            Alpn = "$" + Line("ssl_alpn_protocol"),
            ClientCertificate = "$" + Line("ssl_client_verify"),
            EarlyData = "$" + Line("ssl_early_data"),
        };
    }
}
