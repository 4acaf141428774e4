using System.Globalization;

namespace Kippu.Bench.Compare;

/// <summary>Medians, and medians of the ratios that were paired within a round, as Markdown.</summary>
internal static class ComparisonReport
{
    public static void Write(IReadOnlyDictionary<string, List<(Sample Kippu, Sample SslStream)>> samples, TextWriter output)
    {
        var handshakes = Case.Handshakes.Select(row => row.Title).ToArray();
        string[] bulk = [.. samples.Keys.Where(title => title.StartsWith("records", StringComparison.Ordinal))];
        Table(output, "Server CPU, µs per handshake", samples, handshakes, sample => sample.ServerUs, "full at most 0.65, resumed at most 0.5");
        Table(output, "Client CPU, µs per handshake", samples, handshakes, sample => sample.ClientUs);
        Table(output, "Handshakes per second of server CPU", samples, handshakes, sample => 1e6 / sample.ServerUs);
        Table(output, "Managed bytes allocated per handshake, server", samples, handshakes, sample => sample.ServerBytes);
        Table(output, "Managed bytes allocated per handshake, both sides", samples, handshakes, sample => sample.AllBytes);
        Table(output, "AES-128-GCM, sending, MB per second of CPU", samples, bulk, sample => sample.SendMBPerSecond, "16384 bytes at least 1.15");
        Table(output, "AES-128-GCM, receiving, MB per second of CPU", samples, bulk, sample => sample.ReceiveMBPerSecond, "16384 bytes at least 1.15");
        Table(output, "Managed bytes allocated per record, both sides", samples, bulk, sample => sample.BytesPerRecord, "Kippu 0");
        Table(output, "Private bytes per idle server connection", samples, ["idle connection"], sample => sample.IdleBytes, "Kippu at most 8192 bytes");
    }

    private static void Table(
        TextWriter output,
        string title,
        IReadOnlyDictionary<string, List<(Sample Kippu, Sample SslStream)>> samples,
        IEnumerable<string> rows,
        Func<Sample, double> figure,
        string? goal = null)
    {
        output.WriteLine();
        output.WriteLine(goal is null ? $"**{title}**" : $"**{title}** (goal: {goal})");
        output.WriteLine();
        output.WriteLine("| | Kippu | SslStream | Kippu ÷ SslStream (range over the rounds) |");
        output.WriteLine("|---|---:|---:|---:|");
        foreach (var row in rows.Where(samples.ContainsKey))
        {
            var kippu = samples[row].Select(pair => figure(pair.Kippu)).Order().ToArray();
            var sslStream = samples[row].Select(pair => figure(pair.SslStream)).Order().ToArray();
            var ratios = samples[row].Select(pair => figure(pair.Kippu) / figure(pair.SslStream)).Order().ToArray();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {row} | {Shown(Median(kippu))} | {Shown(Median(sslStream))} | {Range(ratios)} |"));
        }
    }

    private static string Range(double[] ratios) => double.IsFinite(ratios[^1])
        ? string.Create(CultureInfo.InvariantCulture, $"{Median(ratios):F2} ({ratios[0]:F2} to {ratios[^1]:F2})")
        : "-";

    private static double Median(double[] sorted) => (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;

    private static string Shown(double value) => value.ToString(Math.Abs(value) >= 100 ? "F0" : Math.Abs(value) >= 10 ? "F1" : "F2", CultureInfo.InvariantCulture);
}
