namespace Kippu.Cli.Fleet;

/// <summary>A connection without an answer.</summary>
internal sealed record FleetReportFailure(string Node, string Version, double At, string Problem, bool OnKilledNode);
