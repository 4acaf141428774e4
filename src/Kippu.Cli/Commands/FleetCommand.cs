using System.CommandLine;
using System.Text.Json;
using Kippu.Cli.Fleet;
using Kippu.Cli.Output;

namespace Kippu.Cli.Commands;

/// <summary><c>kippu fleet</c>: the main job of Kippu, seen: one ticket, any node.</summary>
internal sealed class FleetCommand
{
    private const string Description = """
        Starts several Kestrel nodes as processes of their own with a balancer in front, on the loopback interface, all with one ring file that they rotate every few seconds, and clients
        of TLS 1.2 and 1.3 that keep connecting. Shows who resumes where, while keys change and nodes are killed, paused, restarted or cut off from the ring, by these
        options or from the keyboard. Exit code 0 only if every ticket that was taken to another node was resumed there; only what was under way on a node that was killed may fail.
        """;

    private static readonly TimeSpan s_frame = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_status = TimeSpan.FromSeconds(2);

    private readonly Option<int> _nodes = new("--nodes") { Description = $"How many nodes, {FleetPlan.FewestNodes} to {FleetPlan.MostNodes}.", HelpName = "N", DefaultValueFactory = _ => 3 };
    private readonly Option<string> _for = OptionValues.Duration("--for", "How long clients come.", "20s");
    private readonly Option<string[]> _kill = Incidents("--kill", "NODE@SECONDS", "Kills the process of a node (SIGKILL) so long after the start, and starts it again: --kill B@5. May be repeated.");
    private readonly Option<string[]> _restart = Incidents("--restart", "NODE@SECONDS", "Stops a node in order and starts it again. May be repeated.");

    private readonly Option<string[]> _pause = Incidents(
        "--pause", "NODE@SECONDS[+SECONDS]", $"Stops the process of a node (SIGSTOP) for a while, {FleetPlan.ShortPause.TotalSeconds:0.0} s if nothing is said. May be repeated.");

    private readonly Option<string[]> _cut = Incidents(
        "--cut", "NODE@SECONDS[+SECONDS]",
        $"Cuts a node off from the ring for a while. {FleetPlan.ShortCut.TotalSeconds:0.0} s, if nothing is said, cost nothing: keys are published before they seal. After {FleetPlan.Schedule.Interval.TotalSeconds:0} s there are keys that it does not know. May be repeated.");

    private readonly Option<bool> _private = new("--private-rings") { Description = "The control: each node has a ring of its own. Exit code 0 only if under 5 % resume on other nodes then." };
    private readonly Option<bool> _json = new("--json") { Description = "The report as JSON." };

    public static Command Create(Screen screen)
    {
        var options = new FleetCommand();
        var command = new Command("fleet", Description)
        {
            options._nodes, options._for, options._kill, options._restart, options._pause, options._cut, options._private, options._json,
        };
        command.SetAction((result, cancellationToken) => options.RunAsync(result, screen, cancellationToken));
        return command;
    }

    private static Option<string[]> Incidents(string name, string form, string description) => new(name) { Description = description, HelpName = form, DefaultValueFactory = _ => [] };

    private async Task<int> RunAsync(ParseResult result, Screen screen, CancellationToken cancellationToken)
    {
        var plan = Plan(result);
        var events = new List<FleetEvent>();
        var text = new FleetText(plan);
        var isJson = result.GetValue(_json);
        var isLive = screen.IsTerminal && !isJson;
        await using var run = await FleetRun.StartAsync(plan, TimeProvider.System, Tell, cancellationToken).ConfigureAwait(false);
        if (isLive)
        {
            await RunLiveAsync(run, screen, text, Events, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await RunPlainAsync(run, isJson ? null : screen, text, cancellationToken).ConfigureAwait(false);
        }

        var (tally, elapsed) = (run.Tally.Look(), run.Tally.Elapsed);
        var verdict = FleetVerdict.Of(plan, tally, run.Ring.Rotations, elapsed);
        if (isJson)
        {
            screen.Write(JsonSerializer.Serialize(FleetReport.Of(plan, run, tally, verdict, elapsed, Events()), FleetJson.Default.FleetReport));
        }
        else
        {
            screen.Write([Line.Empty, .. text.Summary(run, tally, verdict)]);
        }

        return verdict.ExitCode;

        void Tell(FleetEvent happening)
        {
            lock (events)
            {
                events.Add(happening);
            }

            if (!isLive && !isJson)
            {
                screen.Write(FleetText.Event(happening));
            }
        }

        FleetEvent[] Events()
        {
            lock (events)
            {
                return [.. events];
            }
        }
    }

    /// <summary>Lines, one after the other.</summary>
    private static async Task RunPlainAsync(FleetRun run, Screen? screen, FleetText text, CancellationToken cancellationToken)
    {
        screen?.Write([.. text.Opening(run), Line.Empty]);
        var running = run.RunAsync(cancellationToken);
        while (await Task.WhenAny(running, Task.Delay(s_status, CancellationToken.None)).ConfigureAwait(false) != running)
        {
            screen?.Write(FleetText.Status(run));
        }

        await running.ConfigureAwait(false);
    }

    /// <summary>One picture that changes.</summary>
    private static async Task RunLiveAsync(FleetRun run, Screen screen, FleetText text, Func<FleetEvent[]> events, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var keyboard = FleetKeyboard.IsThere ? new FleetKeyboard(run, end.Cancel) : null;
        var running = run.RunAsync(end.Token);
        await screen.ShowAsync(Frame, s_frame, running).ConfigureAwait(false);
        await running.ConfigureAwait(false);

        IReadOnlyList<Line> Frame()
        {
            keyboard?.Look();
            return text.Frame(run, events(), keyboard?.Chosen.Name);
        }
    }

    private FleetPlan Plan(ParseResult result)
    {
        var nodes = result.GetValue(_nodes);
        var duration = OptionValues.Duration(result, _for, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        if (nodes is < FleetPlan.FewestNodes or > FleetPlan.MostNodes)
        {
            throw CommandFault.Usage($"--nodes: a fleet of {nodes} cannot be shown", $"Give a number from {FleetPlan.FewestNodes} to {FleetPlan.MostNodes}.");
        }

        var plan = new FleetPlan
        {
            Nodes = nodes,
            Duration = duration,
            PrivateRings = result.GetValue(_private),
            Incidents =
            [
                .. Read(result, _kill, IncidentKind.Kill, TimeSpan.Zero), .. Read(result, _restart, IncidentKind.Restart, TimeSpan.Zero),
                .. Read(result, _pause, IncidentKind.Pause, FleetPlan.ShortPause), .. Read(result, _cut, IncidentKind.Cut, FleetPlan.ShortCut),
            ],
        };
        foreach (var incident in plan.Incidents)
        {
            Check(incident, plan);
        }

        return plan;
    }

    private static IEnumerable<Incident> Read(ParseResult result, Option<string[]> option, IncidentKind kind, TimeSpan standard) =>
        result.GetRequiredValue(option).Select(text => Incident.Parse(kind, text, standard)
            ?? throw CommandFault.Usage($"{option.Name}: '{text}' does not say a node and a time", $"Write it as {option.HelpName}: {option.Name} B@5"));

    private static void Check(Incident incident, FleetPlan plan)
    {
        if (!plan.Names.Contains(incident.Node))
        {
            throw CommandFault.Usage($"there is no node {incident.Node}", $"The nodes are {string.Join(", ", plan.Names)}.");
        }

        if (incident.At >= plan.Duration)
        {
            throw CommandFault.Usage($"at {incident.At.TotalSeconds} s everything is over", "Give an earlier time, or a longer --for.");
        }

        if (incident.Kind == IncidentKind.Pause && !ProcessSignal.IsSupported)
        {
            throw CommandFault.Usage("this system cannot pause a process", "Leave --pause away.");
        }
    }
}
