namespace Kippu.Fleet;

/// <summary>What a schedule must keep to for a fleet.</summary>
internal static class RotationRules
{
    /// <summary>What is wrong with it, and what to do; null if nothing is.</summary>
    public static string? FindFault(RotationSchedule schedule) =>
        schedule.KeysNeeded > TicketKeyRing.MaxKeys
            ? $"a key each {schedule.Interval} for tickets that live {schedule.MaxTicketLifetime} needs {schedule.KeysNeeded} keys at once, and a ring holds {TicketKeyRing.MaxKeys}: rotate less often, or let tickets live shorter"
        : schedule.Interval < schedule.Lead
            ? $"a key each {schedule.Interval} cannot be published {schedule.Lead} ahead, ten times the {schedule.Propagation} that a ring takes to reach every node: rotate less often, or say that it takes less time"
        : null;
}
