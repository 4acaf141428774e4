namespace Kippu.Cli.Tls;

/// <summary>A ring, and what it has become (or would): the same if nothing was to be done. Whoever has it disposes both.</summary>
internal sealed record RingChange(TicketKeyRing Before, TicketKeyRing After)
{
    public bool HasChanged => !ReferenceEquals(Before, After);
}
