using System.Text;
using Kippu.InteropTests.Scenarios;
using Kippu.InteropTests.Tls13;

namespace Kippu.InteropTests.Matrix;

/// <summary>docs/interop.md: written from what a run observed, and from nothing else.</summary>
internal static class InteropDocument
{
    private const string VersionsPrefix = "Observed with ";

    public static async Task<string> WriteAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        text.AppendLine($"""
            # Interoperability

            This file is written by the tests (`tests/Kippu.InteropTests`, run by `eng/test`): they observe real TLS programs, and fail if this file says
            anything else than what they saw. Do not edit it; after a change, run the tests and commit what they wrote.

            {VersionsPrefix}{await PeerVersions.DescribeAsync(cancellationToken)}.

            The judges of a cell are the peer's own words, quoted as it said them, and tshark's reading of the wire, recorded by a relay between the two
            sides. What Kippu says about itself is compared with both, and counts for nothing alone. A cell is empty (—) only where the peer lacks what the
            pattern needs; its own output or manual, or tshark's view of its hello, says so.

            Patterns 1 to 4 are figures 1 to 4 of RFC 5077; 2b is 2 without a new ticket, 5 and 5b resume by session ID, zero is a ticket of no bytes (§3.3).

            """);
        await AppendSummaryAsync(text);
        text.AppendLine("## The command line, and a fleet\n");
        text.AppendLine("| | the peer's words |");
        text.AppendLine("|---|---|");
        foreach (var scenario in Scenario.All)
        {
            text.AppendLine($"| {scenario} | {Escape(await InteropMatrix.ScenarioAsync(scenario))} |");
        }

        text.AppendLine();
        text.AppendLine("## Patterns: Kippu as server\n");
        foreach (var peer in InteropMatrix.Clients)
        {
            await AppendPatternsAsync(text, $"{peer} → Kippu", pattern => InteropMatrix.WithClientAsync(peer, pattern));
        }

        text.AppendLine("## Patterns: Kippu as client\n");
        foreach (var peer in InteropMatrix.Servers)
        {
            await AppendPatternsAsync(text, $"Kippu → {peer}", pattern => InteropMatrix.WithServerAsync(peer, pattern));
        }

        text.AppendLine("""
            ## Suites, groups, signatures, client certificates

            Kippu allows one thing, and the peer must follow; the capture confirms each. A word of tshark's stands where the peer has none.

            """);
        foreach (var client in InteropMatrix.Clients)
        {
            await AppendAbilitiesAsync(text, $"{client} → Kippu", await InteropMatrix.AbilitiesWithClientAsync(client));
        }

        foreach (var server in InteropMatrix.Servers)
        {
            await AppendAbilitiesAsync(text, $"Kippu → {server}", await InteropMatrix.AbilitiesWithServerAsync(server));
        }

        await Document13.AppendAsync(text);
        return text.ToString().ReplaceLineEndings("\n").TrimEnd() + "\n";
    }

    /// <summary>The line that says which versions a document was written with.</summary>
    public static string VersionsOf(string document) => document.Split('\n').Single(line => line.StartsWith(VersionsPrefix, StringComparison.Ordinal));

    /// <summary>How many cells of a document hold nothing.</summary>
    public static int CountEmpty(string document) => document.Split('\n').Count(line => line.Contains("| — ", StringComparison.Ordinal));

    private static async Task AppendSummaryAsync(StringBuilder text)
    {
        text.AppendLine("## All patterns at a glance\n");
        var headings = InteropMatrix.Clients.Select(peer => $"{peer} → Kippu").Concat(InteropMatrix.Servers.Select(peer => $"Kippu → {peer}")).ToList();
        text.AppendLine($"| | {string.Join(" | ", headings)} |");
        text.AppendLine($"|---|{string.Concat(Enumerable.Repeat(":-:|", headings.Count))}");
        foreach (var pattern in Pattern.All)
        {
            var cells = await Task.WhenAll(InteropMatrix.Clients.Select(peer => InteropMatrix.WithClientAsync(peer, pattern)).Concat(InteropMatrix.Servers.Select(peer => InteropMatrix.WithServerAsync(peer, pattern))));
            text.AppendLine($"| **{pattern.Number}** {pattern.What} | {string.Join(" | ", cells.Select(cell => cell.IsAbsent ? "—" : "✔"))} |");
        }

        text.AppendLine();
    }

    private static async Task AppendPatternsAsync(StringBuilder text, string heading, Func<Pattern, Task<Cell>> observe)
    {
        text.AppendLine($"### {heading}\n");
        text.AppendLine("| | the peer's words | the last handshake, in tshark's words |");
        text.AppendLine("|---|---|---|");
        foreach (var pattern in Pattern.All)
        {
            var cell = await observe(pattern);
            text.AppendLine(cell.IsAbsent ? $"| {pattern.Number} | — {Escape(cell.Words)} | |" : $"| {pattern.Number} | {Escape(cell.Words)} | {cell.Messages} |");
        }

        text.AppendLine();
    }

    private static Task AppendAbilitiesAsync(StringBuilder text, string heading, IReadOnlyDictionary<string, string> quotes)
    {
        text.AppendLine($"### {heading}\n");
        text.AppendLine("| | the peer's words |");
        text.AppendLine("|---|---|");
        foreach (var ability in Ability.All)
        {
            text.AppendLine($"| {ability} | {Escape(quotes[ability.Name])} |");
        }

        text.AppendLine();
        return Task.CompletedTask;
    }

    private static string Escape(string cell) => cell.Replace("|", "\\|", StringComparison.Ordinal);
}
