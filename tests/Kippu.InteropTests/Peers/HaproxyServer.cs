using System.Security.Cryptography;
using System.Text;
using Kippu.InteropTests.Machinery;

namespace Kippu.InteropTests.Peers;

/// <summary>haproxy ending TLS; it answers with its own samples of the connection.</summary>
internal sealed class HaproxyServer : ServerPeer
{
    private const int KeysInFile = 3;

    public override string Name => "haproxy";

    public override async Task<RunningServer> StartAsync(ServerTask task, TempFolder folder, CancellationToken cancellationToken)
    {
        var port = FreePort.Next();
        var pem = folder.Write("haproxy.pem", await File.ReadAllTextAsync(task.Credential.CertificatePath, cancellationToken) + await File.ReadAllTextAsync(task.Credential.KeyPath, cancellationToken));
        var bind = $"bind 127.0.0.1:{port} ssl crt {pem} ssl-min-ver TLSv1.2 " + string.Join(' ',
            task.AllVersions ? "" : "ssl-max-ver TLSv1.2",
            task.Group is { } group ? $"curves {GroupNames.OpenSsl(group)}" : "",
            task.EarlyData ? "allow-0rtt" : "",
            task.Alpn ? "alpn http/1.1" : "",
            task.Tickets ? $"tls-ticket-keys {KeyFile(task, folder)}" : "no-tls-tickets",
            task.ClientCertificate == ClientCertificateRequirement.None ? "" : $"ca-file {PeerPki.Root} verify {task.ClientCertificate.ToString().ToLowerInvariant()}");
        var process = HaproxyFile.Start(folder, "http", $"""
            frontend tls
              {bind}
              http-request return status 200 content-type text/plain lf-string "ssl_fc_is_resumed=%[ssl_fc_is_resumed]\nssl_fc_cipher=%[ssl_fc_cipher]\nssl_c_used=%[ssl_c_used]\nssl_c_verify=%[ssl_c_verify]\nssl_fc_alpn=%[ssl_fc_alpn]\nssl_fc_has_early=%[ssl_fc_has_early]\n"
            """);
        await FreePort.WaitUntilOpenAsync(port, process, cancellationToken);
        return new ServerProcess(process, port, (response, _) => Read(response));
    }

    /// <summary>haproxy seals with the last but one of its keys, and opens with all three.</summary>
    private static string KeyFile(ServerTask task, TempFolder folder)
    {
        var others = task.TicketKeys.Skip(1).Concat(["unused 1", "unused 2"]).Take(KeysInFile - 1).ToList();
        string[] keys = [others[0], task.TicketKeys[0], others[1]];
        return folder.Write("ticket.keys", string.Join('\n', keys.Select(key => Convert.ToBase64String(SHA512.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 48)))) + "\n");
    }

    private static PeerWords Read(string response)
    {
        var lines = response.Split('\n').Select(line => line.Trim()).ToList();
        string Line(string name) => lines.First(line => line.StartsWith(name + "=", StringComparison.Ordinal));
        var resumed = Line("ssl_fc_is_resumed");
        return new PeerWords
        {
            Resumed = resumed.EndsWith("=1", StringComparison.Ordinal),
            Session = resumed,
            Suite = Line("ssl_fc_cipher"),
            Alpn = Line("ssl_fc_alpn"),
            EarlyData = Line("ssl_fc_has_early"),
            ClientCertificate = $"{Line("ssl_c_used")} {Line("ssl_c_verify")}",
        };
    }
}
