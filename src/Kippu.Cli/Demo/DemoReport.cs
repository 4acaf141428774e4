using Kippu.Cli.Ladders;
using Kippu.Cli.Tls;
using Kippu.Cli.Wire;

namespace Kippu.Cli.Demo;

/// <summary>The demo in JSON.</summary>
internal sealed record DemoReport(
    IReadOnlyList<DemoReport.Node> Nodes, IReadOnlyList<DemoReport.Handshake> Handshakes, TicketComparison? RenewedTicket, bool AllAsIntended)
{
    public static DemoReport Of(DemoFleet fleet, DemoScript script) => new(
        [new Node(fleet.A.Name, fleet.A.Address.ToString()), new Node(fleet.B.Name, fleet.B.Address.ToString())],
        [.. script.Steps.Select(HandshakeOf)],
        script.Comparison,
        script.IsAsIntended);

    private static Handshake HandshakeOf(DemoStep step) => new()
    {
        Intended = InferredPattern.NumberOf(step.Intended),
        Pattern = step.Pattern.Number,
        Title = InferredPattern.TitleOf(step.Pattern.Pattern),
        Story = step.Story,
        Nodes = step.Nodes,
        Node = step.Node,
        RoundTrips = step.Trace.RoundTrips,
        BytesFromClient = step.Trace.BytesFromClient,
        BytesFromServer = step.Trace.BytesFromServer,
        Milliseconds = step.Time.TotalMilliseconds,
        Disagreements = step.Disagreements(),
        Client = step.Client?.Report,
        Server = step.Server.Report,
        EarlyDataBytes = step.Server.Trace.Hidden.EarlyDataOffered ? step.Server.EarlyBytes : null,
        ReplayedBytes = step.IsReplay ? step.Replayed.Length : null,
        Trace = TraceJson.Of(step.Trace),
    };

    /// <summary>A server and its address.</summary>
    internal sealed record Node(string Name, string Address);

    /// <summary>One handshake.</summary>
    internal sealed record Handshake
    {
        public required string Intended { get; init; }

        public required string Pattern { get; init; }

        public required string Title { get; init; }

        public required string Story { get; init; }

        public required string Nodes { get; init; }

        public required string Node { get; init; }

        public required int RoundTrips { get; init; }

        public required long BytesFromClient { get; init; }

        public required long BytesFromServer { get; init; }

        public required double Milliseconds { get; init; }

        public required IReadOnlyList<string> Disagreements { get; init; }

        /// <summary>Absent for a replay: whoever replays has no keys.</summary>
        public ConnectionReport? Client { get; init; }

        /// <summary>Absent if the handshake was not completed.</summary>
        public ConnectionReport? Server { get; init; }

        /// <summary>How much early data reached the node's application; absent where none was sent.</summary>
        public int? EarlyDataBytes { get; init; }

        /// <summary>Length of the recorded first flight, if this is a replay of one.</summary>
        public int? ReplayedBytes { get; init; }

        public required TraceJson Trace { get; init; }
    }
}
