using System.Text.RegularExpressions;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Matrix;

namespace Kippu.InteropTests.Peers;

/// <summary><c>gnutls-serv</c>. It has no option for the address to listen at: its port is open on all interfaces while a test runs.</summary>
internal sealed partial class GnuTlsServer : ServerPeer
{
    public override string Name => "gnutls-serv";

    public override async Task<Absence?> LacksAsync(Pattern pattern, CancellationToken cancellationToken) => pattern == Pattern.Renewed
        ? new Absence("has one ticket key and renews nothing", $"All that `--help` has: {await Evidence.HelpLinesAsync("gnutls-serv", ["--help"], "ticket", cancellationToken)}")
        : await base.LacksAsync(pattern, cancellationToken);

    public override async Task<RunningServer> StartAsync(ServerTask task, TempFolder folder, CancellationToken cancellationToken)
    {
        var port = FreePort.Next();
        List<string> arguments =
        [
            "--port", $"{port}", "--x509certfile", task.Credential.CertificatePath, "--x509keyfile", task.Credential.KeyPath, "--debug", "4",
            "--priority", GnuTlsPriority.For(task.AllVersions, tickets: true) + (task.Group is { } group ? $":-GROUP-ALL:+{GroupNames.GnuTls(group)}" : ""),
        ];
        if (!task.Tickets)
        {
            arguments.Add("--noticket");
        }

        arguments.AddRange(task.EarlyData ? ["--earlydata", "--maxearlydata", $"{ServerTask.MaxEarlyData}"] : []);
        arguments.AddRange(task.Alpn ? ["--alpn", "http/1.1"] : []);
        arguments.AddRange(task.ClientCertificate switch
        {
            ClientCertificateRequirement.None => ["--disable-client-cert"],
            ClientCertificateRequirement.Optional => ["--verify-client-cert", "--x509cafile", PeerPki.Root],
            _ => ["--require-client-cert", "--verify-client-cert", "--x509cafile", PeerPki.Root],
        });
        var process = PeerProcess.Start("gnutls-serv", arguments, folder: folder.Path);
        await process.WaitForLineAsync("HTTP Server listening on IPv4", cancellationToken);
        await FreePort.WaitUntilOpenAsync(port, process, cancellationToken);
        // It waits for something to read before it looks at what came early.
        return new ServerProcess(process, port, Read) { AnswersRequests = !task.EarlyData };
    }

    private static PeerWords? Read(string response, IReadOnlyList<string> said)
    {
        if (said.FirstOrDefault(line => line.StartsWith("- Description:", StringComparison.Ordinal)) is not { } description ||
            !said.Any(line => line.StartsWith("- Channel bindings", StringComparison.Ordinal)))
        {
            return null;
        }

        var resumed = said.FirstOrDefault(line => line == "*** This is a resumed session");
        var ticket = said.FirstOrDefault(line => line.Contains("NEW SESSION TICKET was queued", StringComparison.Ordinal));
        return new PeerWords
        {
            Resumed = resumed is not null,
            Session = resumed ?? description,
            Ticket = ticket is null ? null : Address().Replace(ticket[..ticket.IndexOf(" [", StringComparison.Ordinal)], ""),
            EarlyData = said.FirstOrDefault(line => line.Contains("END OF EARLY DATA (5) was received", StringComparison.Ordinal)) is { } end ? Address().Replace(end[..end.IndexOf('.', StringComparison.Ordinal)], "") : null,
            Suite = description["- Description: ".Length..],
            Alpn = said.FirstOrDefault(line => line.StartsWith("- Application protocol:", StringComparison.Ordinal)),
            Signature = description["- Description: ".Length..],
            Group = Exchange().Match(description) is { Success: true } match ? match.Value : null,
            ClientCertificate = said.FirstOrDefault(line => line.Contains("certificate is trusted", StringComparison.Ordinal) || line.StartsWith("- Peer's certificate", StringComparison.Ordinal)),
        };
    }

    [GeneratedRegex(@"\[0x[0-9a-f]+\]")]
    private static partial Regex Address();

    [GeneratedRegex(@"ECDHE-[A-Z0-9]+")]
    private static partial Regex Exchange();
}
