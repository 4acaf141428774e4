namespace Kippu.Cli.Wire;

/// <summary>One TLS record on the wire.</summary>
/// <param name="FromClient">Who sent it.</param>
/// <param name="ContentType">The first byte of its header.</param>
/// <param name="Length">Bytes with the header of five.</param>
/// <param name="Time">Since the first byte of the connection.</param>
internal sealed record WireRecord(bool FromClient, byte ContentType, int Length, TimeSpan Time);
