using System.Collections.Concurrent;
using System.Security.Authentication;
using Kippu.Cli.Output;

namespace Kippu.Cli.Fleet;

/// <summary>A fleet from its start to its end: nodes, the balancer before them, clients, and what is done to the nodes meanwhile.</summary>
internal sealed class FleetRun : IAsyncDisposable
{
    private const int BusyCustomers = 3;

    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);

    // Who comes back soon comes often; who stays away for most of a ticket's lifetime brings an old one.
    private static readonly (double OfLifetime, int Visits)[] s_habits = [.. Enumerable.Repeat((0.01, 6), BusyCustomers), (0.05, 8), (0.2, 10), (0.4, 10), (0.7, 10)];

    private readonly FleetPlan _plan;
    private readonly TimeProvider _time;
    private readonly FleetFiles _files;
    private readonly Action<FleetEvent> _tell;
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentBag<Task> _incidents = [];
    private readonly RingWatch _ring;

    private FleetRun(FleetPlan plan, TimeProvider time, FleetFiles files, Action<FleetEvent> tell)
    {
        _plan = plan;
        _time = time;
        _files = files;
        _tell = tell;
        Tally = new Tally(time);
        Nodes = [.. plan.Names.Select(name => new FleetNode(name, files))];
        Front = new RoundRobin(Nodes);
        _ring = new RingWatch(files.Watch(plan, time), time, Tell);
    }

    public IReadOnlyList<FleetNode> Nodes { get; }

    public RoundRobin Front { get; }

    public RingWatch Ring => _ring;

    /// <summary>Anew when the first client comes.</summary>
    public Tally Tally { get; private set; }

    /// <summary>Starts all nodes, and comes back when they all serve.</summary>
    /// <exception cref="CommandFault">One does not start.</exception>
    public static async Task<FleetRun> StartAsync(FleetPlan plan, TimeProvider time, Action<FleetEvent> tell, CancellationToken cancellationToken)
    {
        var files = await FleetFiles.CreateAsync(plan, time, cancellationToken).ConfigureAwait(false);
        var run = new FleetRun(plan, time, files, tell);
        try
        {
            await Task.WhenAll(run.Nodes.Select(node => node.StartAsync(cancellationToken))).ConfigureAwait(false);
            return run;
        }
        catch
        {
            await run.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Lets clients come for as long as was planned, or until it is told to stop; every connection that has begun is brought to its end.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        Tally = new Tally(_time);
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var customers = Customers().Select(customer => customer.RunAsync(closing.Token)).ToArray();
        foreach (var incident in _plan.Incidents)
        {
            _incidents.Add(RunIncidentAsync(incident, incident.At));
        }

        try
        {
            using var tick = new PeriodicTimer(s_tick, _time);
            while (Tally.Elapsed < _plan.Duration && !_incidents.Any(incident => incident.IsFaulted))
            {
                await tick.WaitForNextTickAsync(stop).ConfigureAwait(false);
                _ring.Look();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop: what has been measured has been measured.
        }

        await closing.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(customers).ConfigureAwait(false);
        await _over.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_incidents).ConfigureAwait(false);
    }

    /// <summary>Does something to a node now.</summary>
    public void Do(IncidentKind kind, FleetNode node) =>
        _incidents.Add(RunIncidentAsync(new Incident(kind, node.Name, Tally.Elapsed, kind == IncidentKind.Pause ? FleetPlan.ShortPause : FleetPlan.ShortCut), TimeSpan.Zero));

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        await Front.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(Nodes.Select(node => node.DisposeAsync().AsTask())).ConfigureAwait(false);
        _ring.Dispose();
        _files.Dispose();
        _over.Dispose();
    }

    private IEnumerable<Customer> Customers() =>
        from version in new[] { SslProtocols.Tls12, SslProtocols.Tls13 }
        from habit in s_habits
        select new Customer(version, habit.OfLifetime * FleetPlan.Schedule.MaxTicketLifetime, habit.Visits, Front, _files, Tally, _time);

    private async Task RunIncidentAsync(Incident incident, TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, _time, _over.Token).ConfigureAwait(false);
            await DoAsync(incident, Nodes.First(node => node.Name == incident.Node), _over.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    private async Task DoAsync(Incident incident, FleetNode node, CancellationToken cancellationToken)
    {
        var lasting = $"{incident.For.TotalSeconds:0.0} s";
        var (before, doing, after) = incident.Kind switch
        {
            IncidentKind.Kill => ("killed (SIGKILL)", node.KillAsync(cancellationToken), "serves again"),
            IncidentKind.Restart => ("is being restarted", node.RestartAsync(cancellationToken), "serves again"),
            IncidentKind.Pause => ($"paused (SIGSTOP) for {lasting}", node.PauseAsync(incident.For, cancellationToken), "goes on"),
            _ => ($"cut off from the ring for {lasting}", node.CutAsync(incident.For, cancellationToken), "sees the ring again"),
        };
        Tell($"node {node.Name}: {before}", Tone.Bad);
        await doing.ConfigureAwait(false);
        Tell($"node {node.Name}: {after}", Tone.Good);
    }

    private void Tell(string text, Tone tone) => _tell(new FleetEvent(Tally.Elapsed, text, tone));
}
