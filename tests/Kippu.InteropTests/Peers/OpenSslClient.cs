using System.Text.RegularExpressions;
using Kippu.InteropTests.Machinery;

namespace Kippu.InteropTests.Peers;

/// <summary><c>openssl s_client</c>: a process for each connection, the session in a file between them.</summary>
internal sealed partial class OpenSslClient : ClientPeer
{
    private const string Request = "GET / HTTP/1.0\n\n";

    public override string Name => "openssl s_client";

    public override async Task<IReadOnlyList<PeerWords>> ConnectAsync(ClientTask task, CancellationToken cancellationToken)
    {
        List<PeerWords> words = [];
        var session = task.Folder["session.pem"];
        for (var connection = 0; connection < task.Connections; connection++)
        {
            words.Add(await ConnectOnceAsync(task, session, cancellationToken));
        }

        return words;
    }

    /// <summary>What s_client printed about one handshake.</summary>
    public static PeerWords Read(IReadOnlyList<string> lines)
    {
        var session = lines.First(line => SessionLine().IsMatch(line));
        var ticket = lines.FirstOrDefault(line => line.StartsWith("<<<", StringComparison.Ordinal) && line.EndsWith("NewSessionTicket", StringComparison.Ordinal));
        return new PeerWords
        {
            Resumed = session.StartsWith("Reused", StringComparison.Ordinal),
            Session = session,
            Ticket = ticket is null ? null : Length().Replace(ticket, ""),
            Suite = session[(session.LastIndexOf(' ') + 1)..],
            Group = lines.FirstOrDefault(line => line.StartsWith("Server Temp Key:", StringComparison.Ordinal)),
            Alpn = lines.FirstOrDefault(line => line.StartsWith("ALPN protocol:", StringComparison.Ordinal)),
            EarlyData = lines.FirstOrDefault(line => line.StartsWith("Early data was ", StringComparison.Ordinal)),
            Signature = string.Join(", ", lines.Where(line => line.StartsWith("Peer signing digest:", StringComparison.Ordinal) || line.StartsWith("Peer signature type:", StringComparison.Ordinal))),
        };
    }

    private static async Task<PeerWords> ConnectOnceAsync(ClientTask task, string session, CancellationToken cancellationToken)
    {
        List<string> arguments =
        [
            "s_client", "-connect", $"127.0.0.1:{task.Port}", "-servername", "localhost", "-verify_hostname", "localhost", "-CAfile", PeerPki.Root,
            "-verify_return_error", "-msg", "-sess_out", session,
        ];
        arguments.AddRange(task.AllVersions ? [] : ["-tls1_2"]);
        arguments.AddRange(task.Alpn ? ["-alpn", "http/1.1"] : []);
        var isEarly = task.EarlyData && File.Exists(session);
        arguments.AddRange(isEarly ? ["-early_data", task.Folder.Write("request", Request)] : []);
        if (File.Exists(session))
        {
            arguments.AddRange(["-sess_in", session]);
        }

        if (!task.Tickets)
        {
            arguments.Add("-no_ticket");
        }

        if (task.ClientCertificate is { } credential)
        {
            arguments.AddRange(["-cert", credential.CertificatePath, "-cert_chain", credential.IntermediatesPath, "-key", credential.KeyPath]);
        }

        await using var process = PeerProcess.Start("openssl", arguments);
        if (!isEarly)
        {
            await process.SendLineAsync(Request.TrimEnd('\n') + "\n", cancellationToken);
        }

        await process.WaitForLineAsync(" 200 ", cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return Read(process.Lines);
    }

    [GeneratedRegex("^(New|Reused), TLSv1")]
    private static partial Regex SessionLine();

    [GeneratedRegex(@" \[length [0-9a-f]+\]")]
    private static partial Regex Length();
}
