using System.Text;
using Kippu.InteropTests.Matrix;
using Kippu.InteropTests.Scenarios;

namespace Kippu.InteropTests.Tls13;

/// <summary>The part of docs/interop.md that is about TLS 1.3.</summary>
internal static class Document13
{
    private static IEnumerable<string> Rows => [.. Case13.All.Select(one => one.Name), EarlyData13.Name];

    public static async Task AppendAsync(StringBuilder text)
    {
        List<(string Heading, IReadOnlyDictionary<string, Result13> Results)> tables = [];
        foreach (var client in InteropMatrix.Clients)
        {
            tables.Add(($"{client} → Kippu", new Dictionary<string, Result13>(await Matrix13.WithClientAsync(client)) { [EarlyData13.Name] = await Matrix13.EarlyDataWithClientAsync(client) }));
        }

        foreach (var server in InteropMatrix.Servers)
        {
            tables.Add(($"Kippu → {server}", new Dictionary<string, Result13>(await Matrix13.WithServerAsync(server)) { [EarlyData13.Name] = await Matrix13.EarlyDataWithServerAsync(server) }));
        }

        text.AppendLine("""
            ## TLS 1.3

            Kippu allows TLS 1.3 alone; the peer speaks TLS 1.2 too, as it does by itself. tshark has no keys: it sees the hellos, and quotes the last of
            them; only for 0-RTT it has Kippu's, and looks for the extension 42, early_data, in what is protected. Extension 41 in a `Server Hello` is pre_shared_key: the session is resumed. Without a word of the peer about resumption, that judges.

            """);
        AppendSummary(text, tables);
        text.AppendLine("| | the peer's words |");
        text.AppendLine("|---|---|");
        foreach (var scenario in Tls13Scenarios.All)
        {
            text.AppendLine($"| {scenario} | {Escape(await InteropMatrix.ScenarioAsync(scenario))} |");
        }

        text.AppendLine();
        foreach (var (heading, results) in tables)
        {
            AppendTable(text, heading, results);
        }
    }

    private static void AppendSummary(StringBuilder text, List<(string Heading, IReadOnlyDictionary<string, Result13> Results)> tables)
    {
        text.AppendLine($"| | {string.Join(" | ", tables.Select(table => table.Heading))} |");
        text.AppendLine($"|---|{string.Concat(Enumerable.Repeat(":-:|", tables.Count))}");
        foreach (var one in Rows)
        {
            text.AppendLine($"| {one} | {string.Join(" | ", tables.Select(table => table.Results[one].IsAbsent ? "—" : "✔"))} |");
        }

        text.AppendLine();
    }

    private static void AppendTable(StringBuilder text, string heading, IReadOnlyDictionary<string, Result13> results)
    {
        text.AppendLine($"### TLS 1.3: {heading}\n");
        text.AppendLine("| | the peer's words | tshark |");
        text.AppendLine("|---|---|---|");
        foreach (var one in Rows)
        {
            var result = results[one];
            text.AppendLine($"| {one} | {(result.IsAbsent ? "— " : "")}{Escape(result.Words)} | {result.Seen} |");
        }

        text.AppendLine();
    }

    private static string Escape(string cell) => cell.Replace("|", "\\|", StringComparison.Ordinal);
}
