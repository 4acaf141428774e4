using Kippu.Cli.Wire;

namespace Kippu.Cli.Demo;

/// <summary>One handshake of the story: what was intended, and what came of it.</summary>
internal sealed record DemoStep
{
    /// <summary>The pattern that the script set up.</summary>
    public required HandshakePattern Intended { get; init; }

    /// <summary>What happens, in a sentence or two.</summary>
    public required string Story { get; init; }

    /// <summary>"A -> B": whose ticket or session, and whom the client meets.</summary>
    public required string Nodes { get; init; }

    /// <summary>The node that was met.</summary>
    public required string Node { get; init; }

    public required EndView Client { get; init; }

    public required EndView Server { get; init; }

    /// <summary>The client's handshake, on the clock.</summary>
    public required TimeSpan Time { get; init; }

    public InferredPattern Pattern => Client.Trace.Pattern;

    /// <summary>What is not as it should be; empty if all is.</summary>
    public IReadOnlyList<string> Disagreements() =>
    [
        .. Check(Pattern.Pattern == Intended, $"the wire says '{Pattern}', intended was {InferredPattern.NumberOf(Intended)}"),
        .. Check(Server.Trace.Pattern == Pattern, $"the node's wire says '{Server.Trace.Pattern}', the client's '{Pattern}'"),
        .. Check(Client.Report.Resumed == Pattern.IsAbbreviated, $"the client's engine says resumed={Client.Report.Resumed}"),
        .. Check(Server.Report.Resumed == Pattern.IsAbbreviated, $"the node's engine says resumed={Server.Report.Resumed}"),
        .. Check(Client.Report.CipherSuite == Server.Report.CipherSuite, "the ends name different cipher suites"),
        .. Check(Client.Report.NewTicket == Server.Report.NewTicket, "the ends disagree about the new ticket"),
        .. Check(Client.Exported.AsSpan().SequenceEqual(Server.Exported), "the ends export different keying material"),
    ];

    private static string[] Check(bool holds, string problem) => holds ? [] : [problem];
}
