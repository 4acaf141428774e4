using Kippu.Cli.Wire;

namespace Kippu.Cli.Demo;

/// <summary>The story of TLS 1.2: every pattern of RFC 5077, across both nodes, each for the reason for which it happens in a fleet.</summary>
internal sealed class DemoStory12(DemoStage stage)
{
    private static readonly TimeSpan s_laterThatDay = TimeSpan.FromHours(7);

    /// <summary>The tickets of patterns 1 and 2, opened.</summary>
    public TicketComparison? Comparison { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await TicketsAsync(cancellationToken).ConfigureAwait(false);
        await SessionIdsAsync(cancellationToken).ConfigureAwait(false);
        await ZeroLengthTicketAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Patterns 1 to 4.</summary>
    private async Task TicketsAsync(CancellationToken cancellationToken)
    {
        var client = new DemoClient(stage.Fleet);
        var first = await stage.StepAsync(
            HandshakePattern.FullTicketIssued, client, stage.Fleet.A, "A", "A client that has no ticket meets node A, and asks for one.", cancellationToken).ConfigureAwait(false);

        stage.Fleet.Clock.Advance(s_laterThatDay);
        var renewed = await stage.StepAsync(
            HandshakePattern.AbbreviatedTicketRenewed,
            client,
            stage.Fleet.B,
            "A -> B",
            "Seven hours later (the demo's clock is moved) node B gets the ticket that A issued. It opens it: they share the ring. More than half of the ticket's life is over, so B renews it, under the key that the ring has come to meanwhile.",
            cancellationToken).ConfigureAwait(false);
        Comparison = TicketComparison.Of(stage.Fleet, first, renewed);

        await stage.StepAsync(
            HandshakePattern.AbbreviatedTicketKept, client, stage.Fleet.A, "B -> A", "At once, back at node A with the ticket that B issued: it is young, and is kept.", cancellationToken).ConfigureAwait(false);

        var copy = stage.CopySessions(client.Sessions);
        stage.Fleet.RevokeSealingKey();
        await stage.StepAsync(
            HandshakePattern.FullTicketRefused,
            client,
            stage.Fleet.B,
            "B -> B",
            "The key of that ticket is revoked in the ring, and no other seals yet. The ticket is refused, which costs one full handshake, and there is none to give in its place.",
            cancellationToken).ConfigureAwait(false);

        stage.Fleet.Rotate();
        await stage.StepAsync(
            HandshakePattern.FullTicketReplaced,
            new DemoClient(stage.Fleet, sessions: copy),
            stage.Fleet.A,
            "B -> A",
            "A few minutes later the ring's next key seals. Another process of that client still holds the ticket of the revoked key: it is refused again, and replaced.",
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Patterns 5 and 5b: reached by a first hello without the extension, because a server that promises a ticket gives no session ID.</summary>
    private async Task SessionIdsAsync(CancellationToken cancellationToken)
    {
        var withoutTickets = new DemoClient(stage.Fleet, useTickets: false);
        await stage.StepAsync(
            HandshakePattern.FullWithoutTickets,
            withoutTickets,
            stage.Fleet.A,
            "A",
            "On the way to 5: a client that does not speak of tickets. Node A keeps the session itself, under a session ID.",
            cancellationToken).ConfigureAwait(false);
        await stage.StepAsync(
            HandshakePattern.AbbreviatedSessionId,
            withoutTickets,
            stage.Fleet.A,
            "A -> A",
            "It comes back, to the one node that holds the session: node B could not resume it.",
            cancellationToken).ConfigureAwait(false);
        await stage.StepAsync(
            HandshakePattern.AbbreviatedSessionIdAsking,
            new DemoClient(stage.Fleet, sessions: withoutTickets.Sessions),
            stage.Fleet.A,
            "A -> A",
            "The same session, and now the client asks for a ticket. It gets one: from here on any node will do.",
            cancellationToken).ConfigureAwait(false);
    }

    private async Task ZeroLengthTicketAsync(CancellationToken cancellationToken)
    {
        stage.Fleet.Reconfigure(stage.Fleet.B, options => options.Tickets.Protector = new DecliningProtector());
        await stage.StepAsync(
            HandshakePattern.ZeroLengthTicket,
            new DemoClient(stage.Fleet),
            stage.Fleet.B,
            "B",
            "Node B promises a ticket in its ServerHello; the application, asked to seal it, then declines. The promise is kept with a ticket of zero bytes.",
            cancellationToken).ConfigureAwait(false);
    }
}
