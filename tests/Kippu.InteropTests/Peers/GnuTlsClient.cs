using System.Text.RegularExpressions;
using Kippu.InteropTests.Machinery;

namespace Kippu.InteropTests.Peers;

/// <summary><c>gnutls-cli</c>: one connection, or with <c>-r</c> two, the second of which resumes the first.</summary>
internal sealed partial class GnuTlsClient : ClientPeer
{
    private const string ReconnectLine = "- Connecting again- trying to resume previous session";

    public override string Name => "gnutls-cli";

    public override async Task<IReadOnlyList<PeerWords>> ConnectAsync(ClientTask task, CancellationToken cancellationToken)
    {
        List<string> arguments =
        [
            "127.0.0.1", "--port", $"{task.Port}", "--sni-hostname", "localhost", "--verify-hostname", "localhost", "--x509cafile", PeerPki.Root, "--crlf",
            "--debug", "4", "--priority", GnuTlsPriority.For(task.AllVersions, task.Tickets),
        ];
        arguments.AddRange(task.Alpn ? ["--alpn", "http/1.1"] : []);
        if (task.Connections == 2)
        {
            arguments.Add("--resume");
        }
        else if (task.Connections > 2)
        {
            throw new ArgumentException("gnutls-cli connects once or twice", nameof(task));
        }

        arguments.AddRange(task.EarlyData ? ["--earlydata", task.Folder.Write("request", "GET /\r\n")] : []);
        if (task.ClientCertificate is { } credential)
        {
            arguments.AddRange(["--x509certfile", credential.CertificatePath, "--x509keyfile", credential.KeyPath]);
        }

        await using var process = PeerProcess.Start("gnutls-cli", arguments);
        await process.WaitForLineAsync("- Simple Client Mode:", cancellationToken);
        // One line, as HTTP/0.9 has it: gnutls-cli waits with select() for input that it then reads through a buffer, so a second line would not get out.
        if (!task.EarlyData)
        {
            await process.SendLineAsync("GET /", cancellationToken);
        }

        await process.WaitForLineAsync(" 200 ", cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return Read(process.Lines, task.Connections);
    }

    private static IReadOnlyList<PeerWords> Read(IReadOnlyList<string> lines, int connections)
    {
        // The library's log and the program's words come by two ways, so the hellos divide the one, and the reconnection the other.
        var secondHello = IndexOf(lines, "CLIENT HELLO was queued", from: IndexOf(lines, "CLIENT HELLO was queued", 0) + 1);
        var secondWords = IndexOf(lines, ReconnectLine, 0);
        return connections == 1
            ? [ReadOne(lines, lines)]
            : [ReadOne([.. lines.Take(secondWords)], [.. lines.Take(secondHello)]), ReadOne([.. lines.Skip(secondWords)], [.. lines.Skip(secondHello)])];
    }

    private static PeerWords ReadOne(IReadOnlyList<string> words, IReadOnlyList<string> log)
    {
        var resumed = words.FirstOrDefault(line => line == "*** This is a resumed session");
        var description = words.First(line => line.StartsWith("- Description:", StringComparison.Ordinal));
        var ticket = log.FirstOrDefault(line => line.Contains("NEW SESSION TICKET (4) was received", StringComparison.Ordinal));
        return new PeerWords
        {
            Resumed = resumed is not null,
            Session = resumed ?? description,
            Ticket = ticket is null ? null : Address().Replace(ticket[..ticket.IndexOf('.', StringComparison.Ordinal)], ""),
            EarlyData = log.FirstOrDefault(line => line.Contains("END OF EARLY DATA was queued", StringComparison.Ordinal)) is { } end ? Address().Replace(end, "") : null,
            Suite = description["- Description: ".Length..],
            Alpn = words.FirstOrDefault(line => line.StartsWith("- Application protocol:", StringComparison.Ordinal)),
            Signature = description["- Description: ".Length..],
            Group = Description().Match(description) is { Success: true } match ? match.Value : null,
        };
    }

    private static int IndexOf(IReadOnlyList<string> lines, string part, int from)
    {
        for (var index = from; index < lines.Count; index++)
        {
            if (lines[index].Contains(part, StringComparison.Ordinal))
            {
                return index;
            }
        }

        return lines.Count;
    }

    [GeneratedRegex(@"\[0x[0-9a-f]+\]")]
    private static partial Regex Address();

    [GeneratedRegex(@"ECDHE-[A-Z0-9]+")]
    private static partial Regex Description();
}
