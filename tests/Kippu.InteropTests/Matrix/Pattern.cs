namespace Kippu.InteropTests.Matrix;

/// <summary>One handshake pattern: RFC 5077 §3.1 and, for the session IDs, RFC 5246 §7.3.</summary>
/// <param name="Number">As the project's documents number it.</param>
/// <param name="What">In a few words.</param>
internal sealed record Pattern(string Number, string What)
{
    public static Pattern FirstTicket { get; } = new("1", "full handshake, first ticket");

    public static Pattern Renewed { get; } = new("2", "abbreviated by ticket, ticket renewed");

    public static Pattern Resumed { get; } = new("2b", "abbreviated by ticket, not renewed");

    public static Pattern RefusedWithout { get; } = new("3", "ticket refused, none issued");

    public static Pattern RefusedWithNew { get; } = new("4", "ticket refused, new one issued");

    public static Pattern SessionId { get; } = new("5", "abbreviated by session ID, no ticket extension");

    public static Pattern SessionIdAndTicket { get; } = new("5b", "abbreviated by session ID, empty ticket extension (a ticket may follow)");

    public static Pattern ZeroLength { get; } = new("zero", "full handshake, ticket promised, zero-length ticket");

    public static IReadOnlyList<Pattern> All { get; } = [FirstTicket, Renewed, Resumed, RefusedWithout, RefusedWithNew, SessionId, SessionIdAndTicket, ZeroLength];

    /// <summary>How many connections it takes.</summary>
    public int Connections => this == FirstTicket || this == ZeroLength ? 1 : 2;

    /// <summary>Whether its last connection resumes.</summary>
    public bool Resumes => this == Renewed || this == Resumed || this == SessionId || this == SessionIdAndTicket;

    public override string ToString() => Number;
}
