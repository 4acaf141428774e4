using System.Security.Authentication;
using Kippu.Cli.Wire;

namespace Kippu.Cli.Demo;

/// <summary>The story of TLS 1.3: tickets as pre-shared keys, across both nodes, and what early data can expect there.</summary>
internal sealed class DemoStory13(DemoStage stage)
{
    private const int EarlyDataSize = 4096;
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(10);

    private readonly DemoFleet _fleet = stage.Fleet;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Restart(_fleet.A);
        Restart(_fleet.B);
        var client = new DemoClient(_fleet, SslProtocols.Tls13);
        await ResumptionAsync(client, cancellationToken).ConfigureAwait(false);
        var copy = stage.CopySessions(client.Sessions);
        await UnknownKeyAsync(client, cancellationToken).ConfigureAwait(false);
        await EarlyDataAsync(copy, cancellationToken).ConfigureAwait(false);
    }

    private async Task ResumptionAsync(DemoClient client, CancellationToken cancellationToken)
    {
        await stage.StepAsync(
            HandshakePattern.Full13,
            client,
            _fleet.A,
            "A",
            "TLS 1.3. A client that has no ticket meets node A. After the handshake A sends two tickets, because each is to be used once; they allow early data.",
            cancellationToken).ConfigureAwait(false);
        await stage.StepAsync(
            HandshakePattern.Psk,
            client,
            _fleet.B,
            "A -> B",
            "Node B gets one of them as a pre-shared key: they share the ring. No certificate this time, but a key exchange of its own: forward secrecy begins anew. B gives a ticket in place of the one that is spent.",
            cancellationToken).ConfigureAwait(false);
        Restart(_fleet.A, options => options.Groups.Add(NamedGroup.Secp384r1));
        await stage.StepAsync(
            HandshakePattern.RetriedPsk,
            client,
            _fleet.A,
            "B -> A",
            "Node A takes P-384 only by now, and the client's key share is of another group. A asks for a second ClientHello, whose binder covers what was said so far; the ticket is as good as before.",
            cancellationToken).ConfigureAwait(false);
    }

    private async Task UnknownKeyAsync(DemoClient client, CancellationToken cancellationToken)
    {
        using var lonely = new InProcessRing(_fleet.Clock);
        Restart(_fleet.B, options => options.Tickets.Ring = lonely);
        await stage.StepAsync(
            HandshakePattern.PskRefused,
            client,
            _fleet.B,
            "A -> B",
            "Node B was started with a ring of its own, by mistake. It does not know the key that the ticket names: that costs a full handshake, and nothing else.",
            cancellationToken,
            TicketRefusal.UnknownKey).ConfigureAwait(false);
        Restart(_fleet.B);
    }

    private async Task EarlyDataAsync(ClientSessionStore sessions, CancellationToken cancellationToken)
    {
        // A guard refuses everything until it has watched for as long as a flight can be fresh.
        Restart(_fleet.A);
        _fleet.Clock.Advance((2 * s_window) + TimeSpan.FromSeconds(1));
        var accepted = await stage.StepAsync(
            HandshakePattern.EarlyDataAccepted,
            new DemoClient(_fleet, SslProtocols.Tls13, sessions: sessions, sendsEarlyData: true),
            _fleet.A,
            "A -> A",
            "Another process of that client still holds good tickets, and says its word at once: as early data, under a key from the ticket. Somebody on the way records that first flight.",
            cancellationToken).ConfigureAwait(false);

        var flight = accepted.Trace.FirstFlight;
        await stage.ReplayAsync(
            HandshakePattern.FirstFlightRefused,
            flight,
            _fleet.A,
            "A -> A",
            "The recorded flight is sent to node A again, byte for byte. A has seen its binder: the ticket is good, the early data is refused and never reaches the application. What would follow needs the client's keys.",
            cancellationToken).ConfigureAwait(false);
        await stage.ReplayAsync(
            HandshakePattern.FirstFlightAccepted,
            flight,
            _fleet.B,
            "A -> B",
            "The same bytes are sent to node B, which has not seen them: the application gets the early data a second time. Both nodes were told ReplayScope.PerNode, which means just that. A replay guard that they share would prevent it.",
            cancellationToken).ConfigureAwait(false);
    }

    private void Restart(DemoNode node, Action<TlsServerOptions>? change = null) => _fleet.Reconfigure(node, options =>
    {
        options.EarlyData = new EarlyDataOptions { MaxSize = EarlyDataSize, FreshnessWindow = s_window, ReplayScope = ReplayScope.PerNode };
        change?.Invoke(options);
    });
}
