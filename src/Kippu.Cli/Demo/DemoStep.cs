using Kippu.Cli.Ladders;
using Kippu.Cli.Tls;
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

    /// <summary>Null for a replay: whoever replays sees nothing.</summary>
    public EndView? Client { get; init; }

    public required EndView Server { get; init; }

    /// <summary>The client's handshake, on the clock; of a replay the time until the server's answer.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>A replay: what was recorded, and sent again.</summary>
    public byte[] Replayed { get; init; } = [];

    public bool IsReplay => Client is null;

    /// <summary>Refused for this reason; null if nothing was.</summary>
    public TicketRefusal? IntendedRefusal { get; init; }

    /// <summary>The client's side, if there is one.</summary>
    public HandshakeTrace Trace => (Client ?? Server).Trace;

    public InferredPattern Pattern => Trace.Pattern;

    /// <summary>What is not as it should be; empty if all is.</summary>
    public IReadOnlyList<string> Disagreements() =>
    [
        .. Check(Pattern.Pattern == Intended, $"inferred is '{Pattern}', intended was {InferredPattern.NumberOf(Intended)}"),
        .. Client is { Report: { } client } && Server.Report is { } server ? Compare(Client, client, server) : CheckReplay(),
    ];

    private IEnumerable<string> Compare(EndView view, ConnectionReport client, ConnectionReport server) =>
    [
        .. Check(Server.Trace.WirePattern.Pattern == view.Trace.WirePattern.Pattern, $"the node's wire says '{Server.Trace.WirePattern}', the client's '{view.Trace.WirePattern}'"),
        .. Check(client.Resumed == Pattern.IsResumption, $"the client's engine says resumed={client.Resumed}"),
        .. Check(server.Resumed == Pattern.IsResumption, $"the node's engine says resumed={server.Resumed}"),
        .. Check(client.CipherSuite == server.CipherSuite, "the ends name different cipher suites"),
        .. Check(client.NewTickets == server.NewTickets, "the ends disagree about the new tickets"),
        .. Check(client.RetriedHello == server.RetriedHello, "the ends disagree about the HelloRetryRequest"),
        .. Check(client.EarlyData == server.EarlyData && view.EarlyBytes == Server.EarlyBytes, "the ends disagree about the early data"),
        .. Check(IntendedRefusal is null || server.Refusal == IntendedRefusal.ToString(), $"refused for {server.Refusal}, intended was {IntendedRefusal}"),
        .. Check(view.Exported.AsSpan().SequenceEqual(Server.Exported), "the ends export different keying material"),
    ];

    /// <summary>The keys are the client's alone, so a replay ends with the server's answer. It is about early data: was it given to the application?</summary>
    private IEnumerable<string> CheckReplay() =>
    [
        .. Check(Server.Report is null, "the replay was taken for a client: its handshake was completed"),
        .. Check(Server.Trace.BytesFromClient == Replayed.Length, $"{Server.Trace.BytesFromClient} bytes came, and {Replayed.Length} were replayed"),
        .. Check(Server.EarlyBytes > 0 == (Intended == HandshakePattern.FirstFlightAccepted), $"{Server.EarlyBytes} bytes of early data reached the application"),
    ];

    private static string[] Check(bool holds, string problem) => holds ? [] : [problem];
}
