namespace Kippu.InteropTests.Tls13;

/// <summary>What a run found out about one case with one peer.</summary>
/// <param name="Words">The peer's words; or why it has none.</param>
/// <param name="Seen">The server's hellos in tshark's words.</param>
/// <param name="IsAbsent">The peer lacks what the case needs.</param>
internal sealed record Result13(string Words, string Seen, bool IsAbsent = false);
