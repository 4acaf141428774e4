using System.Globalization;
using Kippu.Bench.Measure;
using Kippu.Bench.Scenarios;

namespace Kippu.Bench.Compare;

/// <summary>Runs both stacks in this process, round after round, and keeps what each did: by title, then by round.</summary>
internal sealed class Comparison(CompareOptions options, Identity identity)
{
    private readonly Dictionary<string, List<(Sample Kippu, Sample SslStream)>> _samples = [];

    public IReadOnlyDictionary<string, List<(Sample Kippu, Sample SslStream)>> Samples => _samples;

    /// <summary>What makes the run void; empty if nothing does.</summary>
    public List<string> Faults { get; } = [];

    public void Run()
    {
        var pairs = Case.Handshakes.Select(row => (Case: row, Kippu: Kippu(row.Kippu), SslStream: SslStream(row.SslStream))).ToList();
        Console.Error.WriteLine("warming up");
        foreach (var (_, kippu, sslStream) in pairs)
        {
            Runtime.UntilQuiet(kippu.Once, limitSeconds: 5);
            Runtime.UntilQuiet(sslStream.Once, limitSeconds: 5);
        }

        var bulk = (Kippu: pairs[0].Kippu.Connect(new Turns()), SslStream: pairs[0].SslStream.Connect(new Turns()));
        foreach (var length in new[] { 16384, 64 })
        {
            Runtime.UntilQuiet(() => Meter.Bulk(pairs[0].Kippu, bulk.Kippu, length, 0.05), limitSeconds: 2);
            Runtime.UntilQuiet(() => Meter.Bulk(pairs[0].SslStream, bulk.SslStream, length, 0.05), limitSeconds: 2);
        }

        Turns.Calibrate();
        for (var round = 0; round < options.Rounds; round++)
        {
            Console.Error.WriteLine($"round {round + 1} of {options.Rounds}");
            foreach (var (row, kippu, sslStream) in pairs)
            {
                Add(row.Title, round, () => Meter.Handshakes(kippu, options.Seconds), () => Meter.Handshakes(sslStream, options.Seconds));
            }

            foreach (var length in new[] { 16384, 64 })
            {
                Add(
                    string.Create(CultureInfo.InvariantCulture, $"records of {length} bytes"),
                    round,
                    () => Meter.Bulk(pairs[0].Kippu, bulk.Kippu, length, options.Seconds),
                    () => Meter.Bulk(pairs[0].SslStream, bulk.SslStream, length, options.Seconds));
            }
        }

        CheckResumption();
    }

    public void AddIdle(int round, Func<double> kippu, Func<double> sslStream) =>
        Add("idle connection", round, () => new Sample { IdleBytes = kippu() }, () => new Sample { IdleBytes = sslStream() });

    private StreamLink Kippu(Scenario scenario) => new(new KippuStack(scenario, identity));

    private StreamLink SslStream(Scenario scenario) => new(new SslStreamStack(scenario, identity));

    /// <summary>Both, in turns as to who is first.</summary>
    private void Add(string title, int round, Func<Sample> kippu, Func<Sample> sslStream)
    {
        Sample ours, theirs;
        if (round % 2 == 0)
        {
            ours = kippu();
            theirs = sslStream();
        }
        else
        {
            theirs = sslStream();
            ours = kippu();
        }

        if (!_samples.TryGetValue(title, out var samples))
        {
            _samples[title] = samples = [];
        }

        samples.Add((ours, theirs));
    }

    private void CheckResumption()
    {
        foreach (var row in Case.Handshakes)
        {
            foreach (var (kippu, sslStream) in _samples[row.Title])
            {
                Check(row.Title, "Kippu", row.Kippu, kippu.ResumedShare);
                Check(row.Title, "SslStream", row.SslStream, sslStream.ResumedShare);
            }
        }
    }

    private void Check(string title, string stack, Scenario scenario, double share)
    {
        var full = scenario.Kind == HandshakeKind.Full;
        if (full ? share != 0 : share < 0.99)
        {
            Faults.Add(string.Create(CultureInfo.InvariantCulture, $"{stack}, {title}: {share:P1} of the handshakes were resumed; it must be {(full ? "none" : "99 % at least")}"));
        }
    }
}
