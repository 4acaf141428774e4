namespace Kippu.Fleet;

/// <summary>What is in force where there is no ring yet: no keys, and older than any ring. No tickets are issued, and all are refused.</summary>
internal static class NoRing
{
    public static TicketKeyRing Create() => TicketKeyRing.Load(
        """{"format":"kippu-ring/1","epoch":1,"version":1,"written":"1970-01-01T00:00:00Z","maxTicketLifetime":1,"keys":[]}"""u8);

    public static bool Is(TicketKeyRing ring) => ring is { Epoch: 1, Version: 1, Keys.Count: 0 };
}
