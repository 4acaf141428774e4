namespace Kippu.Cli.Fleet;

/// <summary>What a node has done.</summary>
internal sealed record FleetReportNode(string Node, int Resumed, int FullNew, int FullRefused, int Failed, long RingVersion)
{
    public static FleetReportNode Of(char name, NodeCount count) => new($"{name}", count.Resumed, count.New, count.Refused, count.Failed, count.Ring);
}
