namespace Kippu.InteropTests.Matrix;

/// <summary>What a run found out about one pattern with one peer.</summary>
/// <param name="Words">The peer's words; or why it has none, with the quotation.</param>
/// <param name="Messages">The messages in tshark's words; empty if the peer lacks the pattern.</param>
/// <param name="IsAbsent">The peer lacks what the pattern needs.</param>
internal sealed record Cell(string Words, string Messages, bool IsAbsent);
