using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Security.Authentication;

namespace Kippu.AspNetCore.Diagnostics;

/// <summary>The meter <c>Kippu</c>. docs/metrics-and-events.md says what each instrument means; no tag holds a key, a server name or the name of a node.</summary>
internal sealed class KippuMetrics
{
    public const string MeterName = "Kippu";

    private readonly Histogram<double> _handshakes;
    private readonly Histogram<double> _waits;
    private readonly Histogram<double> _ages;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _issued;

    /// <param name="meters">Of the application.</param>
    /// <param name="rings">The rings of all endpoints, with the names of their options.</param>
    /// <param name="time">The clock.</param>
    public KippuMetrics(IMeterFactory meters, Func<IReadOnlyList<(string Name, TicketKeyRing Ring)>> rings, TimeProvider time)
    {
        var meter = meters.Create(MeterName);
        double[] quick = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
        double[] long_ = [1, 10, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600, 3 * 24 * 3600, 7 * 24 * 3600];
        _handshakes = meter.CreateHistogram("kippu.handshake.duration", "s", "Handshakes, from the first byte on.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = quick });
        _waits = meter.CreateHistogram("kippu.handshake.wait.duration", "s", "How long hellos waited to be answered.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = quick });
        _ages = meter.CreateHistogram("kippu.ticket.age", "s", "The age of tickets that were accepted.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = long_ });
        _refusals = meter.CreateCounter<long>("kippu.ticket.refusals", "{ticket}", "Tickets, and session IDs, that were offered and not used.");
        _issued = meter.CreateCounter<long>("kippu.tickets.issued", "{ticket}", "Tickets that were issued.");
        meter.CreateObservableGauge("kippu.ring.keys", () => rings().SelectMany(ring => KeysByState(ring.Name, ring.Ring, time.GetUtcNow())), "{key}", "Keys of the ring, by state.");
        meter.CreateObservableGauge("kippu.ring.version", () => rings().Select(ring => new Measurement<long>(ring.Ring.Version, TagsOf(ring.Name))), null, "The version of the ring in force.");
        meter.CreateObservableGauge("kippu.ring.epoch", () => rings().Select(ring => new Measurement<long>(ring.Ring.Epoch, TagsOf(ring.Name))), null, "The epoch of the ring in force.");
        meter.CreateObservableGauge(
            "kippu.ring.time_left", () => rings().Select(ring => new Measurement<double>(TimeLeft(ring.Ring, time.GetUtcNow()).TotalSeconds, TagsOf(ring.Name))), "s",
            "How long keys of the ring seal; then no more tickets are issued.");
    }

    /// <summary>How long keys of this ring will seal, those that are to be activated counted; zero if it has run out.</summary>
    public static TimeSpan TimeLeft(TicketKeyRing ring, DateTimeOffset now)
    {
        var last = ring.Keys.Where(key => !key.Revoked).Max(key => key.RetireAt) ?? now;
        return last > now ? last - now : TimeSpan.Zero;
    }

    public void Succeeded(TlsConnectionInfo info, TimeSpan duration)
    {
        var version = VersionOf(info.Protocol);
        var kind = KindOf(info.Resumption);
        _handshakes.Record(duration.TotalSeconds, new("tls.protocol.version", version), new("kippu.handshake.kind", kind));
        if (info.TicketRefusal != TicketRefusal.None)
        {
            _refusals.Add(1, new("tls.protocol.version", version), new("kippu.refusal.reason", Snake(info.TicketRefusal.ToString())));
        }

        if (info.NewTickets > 0)
        {
            _issued.Add(info.NewTickets, new("tls.protocol.version", version), new("kippu.ticket.renewed", info.IsResumed));
        }

        if (info.TicketAge is { } age)
        {
            _ages.Record(age.TotalSeconds, new KeyValuePair<string, object?>("tls.protocol.version", version));
        }
    }

    public void Failed(string reason, TimeSpan duration) => _handshakes.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("error.type", reason));

    public void Waited(TimeSpan duration, bool isShort) => _waits.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("kippu.ticket.opened", isShort));

    public static string VersionOf(SslProtocols protocol) => protocol == SslProtocols.Tls13 ? "1.3" : "1.2";

    public static string KindOf(ResumptionKind kind) => kind == ResumptionKind.None ? "full" : Snake(kind.ToString());

    /// <summary>BadMac → bad_mac.</summary>
    public static string Snake(string name) =>
        string.Concat(name.Select((letter, place) => char.IsUpper(letter) ? (place > 0 ? "_" : "") + char.ToLowerInvariant(letter) : letter.ToString()));

    private static IEnumerable<Measurement<long>> KeysByState(string name, TicketKeyRing ring, DateTimeOffset now) =>
        Enum.GetValues<TicketKeyState>().Select(state =>
            new Measurement<long>(ring.Keys.Count(key => key.StateAt(now) == state), [.. TagsOf(name), new("kippu.key.state", Snake(state.ToString()))]));

    private static KeyValuePair<string, object?>[] TagsOf(string name) => [new("kippu.options", name.Length == 0 ? "default" : name)];
}
