namespace Kippu.Cli.Fleet;

/// <summary>Something that happened.</summary>
internal sealed record FleetReportEvent(double At, string Event);
