using Kippu.Cli.Output;

namespace Kippu.Cli.Demo;

/// <summary>
/// The answer to the question what the NewSessionTicket of pattern 2 holds: both tickets, opened with the ring, field by field. The secret itself never leaves
/// the library; its fingerprint tells whether it is the same.
/// </summary>
/// <param name="Rows">Field by field.</param>
/// <param name="FirstLength">Bytes of the first ticket.</param>
/// <param name="RenewedLength">Bytes of the renewed one.</param>
internal sealed record TicketComparison(IReadOnlyList<TicketComparison.Row> Rows, int FirstLength, int RenewedLength)
{
    /// <summary>Fields that renewal must keep.</summary>
    private static readonly HashSet<string> s_kept =
        ["master secret", "cipher suite", "extended master secret", "server name", "ALPN", "client certificate", "original handshake"];

    /// <summary>Fields that renewal must change: here also the key, because the ring has rotated between the two.</summary>
    private static readonly HashSet<string> s_fresh = ["issued", "ring key", "IV"];

    /// <summary>True if renewal has kept and changed what it must.</summary>
    public bool IsAsItShould => Rows.Count > 0 && Rows.All(row => row.IsSame ? !s_fresh.Contains(row.Field) : !s_kept.Contains(row.Field));

    public static TicketComparison Of(DemoFleet fleet, DemoStep first, DemoStep renewed)
    {
        using var inspector = fleet.Inspector();
        var one = Describe(inspector, fleet, first.Trace.NewTicket);
        var other = Describe(inspector, fleet, renewed.Trace.NewTicket);
        var rows = one.Zip(other, (left, right) => new Row(left.Name, left.Value, right.Value, left.Value == right.Value));
        return new TicketComparison([.. rows], first.Trace.NewTicket.Length, renewed.Trace.NewTicket.Length);
    }

    private static List<(string Name, string Value)> Describe(TicketInspector inspector, DemoFleet fleet, ReadOnlyMemory<byte> ticket)
    {
        if (!inspector.TryOpen(ticket.Span, fleet.Clock.GetUtcNow(), out var contents, out var refusal))
        {
            return [("opens", $"no: {refusal}")];
        }

        var iv = Wire.TicketLayout.Parse(ticket)?.Iv ?? default;
        return
        [
            .. TicketText.Describe(contents).Select(field => field.Name == "master secret" ? (field.Name, contents.SecretFingerprint) : field),
            ("IV", Convert.ToHexStringLower(iv.Span)[..16] + ".."),
        ];
    }

    /// <summary>One field of both tickets.</summary>
    internal sealed record Row(string Field, string First, string Renewed, bool IsSame);
}
