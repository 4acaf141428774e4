namespace Kippu;

/// <summary>One field of a handshake message, for people to read.</summary>
/// <param name="Name">Its name in the RFC.</param>
/// <param name="Value">What it holds; of long values the length and the beginning.</param>
public readonly record struct HandshakeField(string Name, string Value);
