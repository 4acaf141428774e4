namespace Kippu.InteropTests.Capture;

/// <summary>A NewSessionTicket as tshark dissects it.</summary>
/// <param name="LifetimeHint">Seconds.</param>
/// <param name="Length">Of the ticket.</param>
/// <param name="Ticket">Hexadecimal.</param>
internal sealed record SeenTicket(uint LifetimeHint, int Length, string Ticket);
