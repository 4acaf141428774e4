using System.Net.Sockets;
using Kippu.Cli.Wire;

namespace Kippu.Cli.Demo;

/// <summary>Where the stories are played: a fleet, and the steps that were taken.</summary>
/// <param name="fleet">Both nodes.</param>
/// <param name="tell">Is told of each step.</param>
internal sealed class DemoStage(DemoFleet fleet, Action<DemoStep> tell)
{
    private readonly List<DemoStep> _steps = [];

    public DemoFleet Fleet => fleet;

    public IReadOnlyList<DemoStep> Steps => _steps;

    /// <summary>A client meets a node.</summary>
    public async Task<DemoStep> StepAsync(
        HandshakePattern intended, DemoClient client, DemoNode node, string nodes, string story, CancellationToken cancellationToken, TicketRefusal? refusal = null)
    {
        var (view, time) = await ThroughRelayAsync(node, () => client.ConnectAsync(node, cancellationToken)).ConfigureAwait(false);
        return Add(new DemoStep
        {
            Intended = intended,
            Story = story,
            Nodes = nodes,
            Node = node.Name,
            Client = view,
            Server = await node.NextAsync(cancellationToken).ConfigureAwait(false),
            Time = time,
            IntendedRefusal = refusal,
        });
    }

    /// <summary>Somebody sends a recorded first flight to a node.</summary>
    public async Task<DemoStep> ReplayAsync(HandshakePattern intended, byte[] flight, DemoNode node, string nodes, string story, CancellationToken cancellationToken)
    {
        var time = await ThroughRelayAsync(node, () => Replayer.SendAsync(node, flight, fleet.Clock, cancellationToken)).ConfigureAwait(false);
        return Add(new DemoStep
        {
            Intended = intended,
            Story = story,
            Nodes = nodes,
            Node = node.Name,
            Server = await node.NextAsync(cancellationToken).ConfigureAwait(false),
            Time = time,
            Replayed = flight,
        });
    }

    /// <summary>A copy of what a client holds: another process of it, which does not know what the first one does later.</summary>
    public ClientSessionStore CopySessions(ClientSessionStore from)
    {
        var copy = new ClientSessionStore();
        using var bytes = new MemoryStream();
        from.Export(bytes);
        bytes.Position = 0;
        copy.Import(bytes, fleet.Clock.GetUtcNow());
        return copy;
    }

    /// <summary>What fails on the way through a relay is the relay's fault first.</summary>
    private static async Task<T> ThroughRelayAsync<T>(DemoNode node, Func<Task<T>> talk)
    {
        try
        {
            return await talk().ConfigureAwait(false);
        }
        catch (Exception e) when (node.RelayPort != 0 && (e is IOException or SocketException))
        {
            throw new CommandFault(
                ExitCodes.NotMeasured, $"--via: nothing good came from node {node.Name} through the relay on port {node.RelayPort}: {e.Message}", $"Does it pass on to port {node.Address.Port}?", e);
        }
    }

    private DemoStep Add(DemoStep step)
    {
        _steps.Add(step);
        tell(step);
        return step;
    }
}
