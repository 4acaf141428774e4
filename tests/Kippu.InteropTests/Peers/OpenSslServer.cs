using System.Text.RegularExpressions;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Matrix;

namespace Kippu.InteropTests.Peers;

/// <summary><c>openssl s_server</c>.</summary>
/// <param name="page">With <c>-www</c>: it answers with a page that says what it thinks of the connection. Without, it says so on its console.</param>
internal sealed partial class OpenSslServer(bool page = true) : ServerPeer
{
    public override string Name => "openssl s_server";

    public override async Task<Absence?> LacksAsync(Pattern pattern, CancellationToken cancellationToken) => pattern == Pattern.Renewed
        ? new Absence("has one ticket key and renews nothing", $"All that `-help` has: {await Evidence.HelpLinesAsync("openssl", ["s_server", "-help"], "ticket", cancellationToken)}")
        : await base.LacksAsync(pattern, cancellationToken);

    public override async Task<RunningServer> StartAsync(ServerTask task, TempFolder folder, CancellationToken cancellationToken)
    {
        var port = FreePort.Next();
        List<string> arguments =
        [
            "s_server", "-accept", $"127.0.0.1:{port}", "-cert", task.Credential.CertificatePath, "-cert_chain", task.Credential.IntermediatesPath,
            "-key", task.Credential.KeyPath, ];
        arguments.AddRange(task.AllVersions ? [] : ["-tls1_2"]);
        arguments.AddRange(task.Group is { } group ? ["-groups", GroupNames.OpenSsl(group)] : []);
        arguments.AddRange(task.Alpn ? ["-alpn", "http/1.1"] : []);
        arguments.AddRange(page ? ["-msg", "-www"] : []);
        if (!task.Tickets)
        {
            arguments.Add("-no_ticket");
        }

        if (task.ClientCertificate != ClientCertificateRequirement.None)
        {
            arguments.AddRange([task.ClientCertificate == ClientCertificateRequirement.Required ? "-Verify" : "-verify", "3", "-verify_return_error", "-CAfile", PeerPki.Root]);
        }

        var process = PeerProcess.Start("openssl", arguments, folder: folder.Path);
        await process.WaitForLineAsync("ACCEPT", cancellationToken);
        return new ServerProcess(process, port, Read);
    }

    private static PeerWords Read(string response, IReadOnlyList<string> said)
    {
        var lines = response.Split('\n');
        var session = lines.First(line => SessionLine().IsMatch(line));
        var ticket = said.FirstOrDefault(line => line.StartsWith(">>>", StringComparison.Ordinal) && line.EndsWith("NewSessionTicket", StringComparison.Ordinal));
        return new PeerWords
        {
            Resumed = session.StartsWith("Reused", StringComparison.Ordinal),
            Session = session,
            Ticket = ticket is null ? null : Length().Replace(ticket, ""),
            Suite = session[(session.LastIndexOf(' ') + 1)..],
            Group = lines.FirstOrDefault(line => line.StartsWith("Shared groups:", StringComparison.Ordinal)),
            Alpn = said.FirstOrDefault(line => line.StartsWith("ALPN protocols selected", StringComparison.Ordinal)),
            ClientCertificate = lines.Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith("Subject: CN", StringComparison.Ordinal) || line == "no client certificate available"),
        };
    }

    [GeneratedRegex("^(New|Reused), TLSv1")]
    private static partial Regex SessionLine();

    [GeneratedRegex(@" \[length [0-9a-f]+\]")]
    private static partial Regex Length();
}
