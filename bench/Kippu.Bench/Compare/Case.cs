using Kippu.Bench.Scenarios;

namespace Kippu.Bench.Compare;

/// <summary>A row of the comparison: Kippu's scenario, and the one of SslStream that it is measured against.</summary>
/// <param name="Title">For the table.</param>
/// <param name="Kippu">What Kippu does.</param>
/// <param name="SslStream">
/// What SslStream does: it never renews a ticket and has no session IDs, so both are measured against its ordinary resumption from a ticket.
/// </param>
internal sealed record Case(string Title, Scenario Kippu, Scenario SslStream)
{
    private static readonly Scenario s_full = Scenario.Find("t12-full-ecdsa-x25519")!;
    private static readonly Scenario s_ticket = Scenario.Find("t12-ticket")!;

    public static IReadOnlyList<Case> Handshakes { get; } =
    [
        new("full (ECDSA P-256, X25519)", s_full, s_full),
        new("ticket", s_ticket, s_ticket),
        new("ticket, renewed", Scenario.Find("t12-ticket-renew")!, s_ticket),
        new("session ID", Scenario.Find("t12-sid")!, s_ticket),
    ];
}
