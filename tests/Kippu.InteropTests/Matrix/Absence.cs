namespace Kippu.InteropTests.Matrix;

/// <summary>Why a peer cannot do a pattern. Found out anew by each run: a peer that has learnt it gets its cell filled.</summary>
/// <param name="Why">In a few words.</param>
/// <param name="Quote">The words of its own, or tshark's, that show it.</param>
internal sealed record Absence(string Why, string Quote)
{
    public Cell ToCell() => new($"{Why}. {Quote}", "", IsAbsent: true);
}
