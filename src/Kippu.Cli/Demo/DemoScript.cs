using Kippu.Cli.Wire;

namespace Kippu.Cli.Demo;

/// <summary>The story: every pattern of RFC 5077, across both nodes, each for the reason for which it happens in a fleet.</summary>
internal sealed class DemoScript(DemoFleet fleet, Action<DemoStep> tell)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_laterThatDay = TimeSpan.FromHours(7);

    private readonly List<DemoStep> _steps = [];

    public IReadOnlyList<DemoStep> Steps => _steps;

    /// <summary>The tickets of patterns 1 and 2, opened.</summary>
    public TicketComparison? Comparison { get; private set; }

    /// <summary>Each pattern is the one that was intended, both ends agree, and the renewed ticket is what it should be.</summary>
    public bool IsAsIntended => _steps.All(step => step.Disagreements().Count == 0) && Comparison is { IsAsItShould: true };

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            await TicketsAsync(patience.Token).ConfigureAwait(false);
            await SessionIdsAsync(patience.Token).ConfigureAwait(false);
            await ZeroLengthTicketAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFault(ExitCodes.NotMeasured, $"the demo did not end within {s_patience.TotalSeconds} s", "Is this machine very busy? Run it again; if that does not help, report it.");
        }
    }

    /// <summary>Patterns 1 to 4.</summary>
    private async Task TicketsAsync(CancellationToken cancellationToken)
    {
        var client = new DemoClient(fleet);
        var first = await StepAsync(
            HandshakePattern.FullTicketIssued, client, fleet.A, "A", "A client that has no ticket meets node A, and asks for one.", cancellationToken).ConfigureAwait(false);

        fleet.Clock.Advance(s_laterThatDay);
        var renewed = await StepAsync(
            HandshakePattern.AbbreviatedTicketRenewed,
            client,
            fleet.B,
            "A -> B",
            "Seven hours later (the demo's clock is moved) node B gets the ticket that A issued. It opens it: they share the ring. More than half of the ticket's life is over, so B renews it, under the key that the ring has come to meanwhile.",
            cancellationToken).ConfigureAwait(false);
        Comparison = TicketComparison.Of(fleet, first, renewed);

        await StepAsync(
            HandshakePattern.AbbreviatedTicketKept, client, fleet.A, "B -> A", "At once, back at node A with the ticket that B issued: it is young, and is kept.", cancellationToken).ConfigureAwait(false);

        var copy = new ClientSessionStore();
        CopySessions(client.Sessions, copy);
        fleet.RevokeSealingKey();
        await StepAsync(
            HandshakePattern.FullTicketRefused,
            client,
            fleet.B,
            "B -> B",
            "The key of that ticket is revoked in the ring, and no other seals yet. The ticket is refused, which costs one full handshake, and there is none to give in its place.",
            cancellationToken).ConfigureAwait(false);

        fleet.Rotate();
        await StepAsync(
            HandshakePattern.FullTicketReplaced,
            new DemoClient(fleet, sessions: copy),
            fleet.A,
            "B -> A",
            "A few minutes later the ring's next key seals. Another process of that client still holds the ticket of the revoked key: it is refused again, and replaced.",
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Patterns 5 and 5b: reached by a first hello without the extension, because a server that promises a ticket gives no session ID.</summary>
    private async Task SessionIdsAsync(CancellationToken cancellationToken)
    {
        var withoutTickets = new DemoClient(fleet, useTickets: false);
        await StepAsync(
            HandshakePattern.FullWithoutTickets,
            withoutTickets,
            fleet.A,
            "A",
            "On the way to 5: a client that does not speak of tickets. Node A keeps the session itself, under a session ID.",
            cancellationToken).ConfigureAwait(false);
        await StepAsync(
            HandshakePattern.AbbreviatedSessionId,
            withoutTickets,
            fleet.A,
            "A -> A",
            "It comes back, to the one node that holds the session: node B could not resume it.",
            cancellationToken).ConfigureAwait(false);
        await StepAsync(
            HandshakePattern.AbbreviatedSessionIdAsking,
            new DemoClient(fleet, sessions: withoutTickets.Sessions),
            fleet.A,
            "A -> A",
            "The same session, and now the client asks for a ticket. It gets one: from here on any node will do.",
            cancellationToken).ConfigureAwait(false);
    }

    private async Task ZeroLengthTicketAsync(CancellationToken cancellationToken)
    {
        fleet.LetNodeBDecline();
        await StepAsync(
            HandshakePattern.ZeroLengthTicket,
            new DemoClient(fleet),
            fleet.B,
            "B",
            "Node B promises a ticket in its ServerHello; the application, asked to seal it, then declines. The promise is kept with a ticket of zero bytes.",
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<DemoStep> StepAsync(HandshakePattern intended, DemoClient client, DemoNode node, string nodes, string story, CancellationToken cancellationToken)
    {
        var (view, time) = await client.ConnectAsync(node.Door, cancellationToken).ConfigureAwait(false);
        var step = new DemoStep
        {
            Intended = intended,
            Story = story,
            Nodes = nodes,
            Node = node.Name,
            Client = view,
            Server = await node.NextAsync(cancellationToken).ConfigureAwait(false),
            Time = time,
        };
        _steps.Add(step);
        tell(step);
        return step;
    }

    private void CopySessions(ClientSessionStore from, ClientSessionStore to)
    {
        using var bytes = new MemoryStream();
        from.Export(bytes);
        bytes.Position = 0;
        to.Import(bytes, fleet.Clock.GetUtcNow());
    }
}
