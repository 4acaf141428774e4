using Kippu.Cli.Ladders;
using Kippu.Cli.Tls;

namespace Kippu.Cli.Connecting;

/// <summary>The outcome of <c>kippu connect</c>.</summary>
/// <param name="Target">Host and port.</param>
/// <param name="Address">The address that was connected to.</param>
/// <param name="Connections">One for each connection that was tried.</param>
/// <param name="Findings">What is not as expected; empty if nothing.</param>
internal sealed record ConnectReport(string Target, string Address, IReadOnlyList<ConnectReport.Connection> Connections, IReadOnlyList<string> Findings)
{
    /// <summary>One connection.</summary>
    internal sealed record Connection
    {
        public required int Number { get; init; }

        public required string Pattern { get; init; }

        public required string PatternText { get; init; }

        /// <summary>Null if the handshake failed.</summary>
        public ConnectionReport? Negotiated { get; init; }

        public required int RoundTrips { get; init; }

        public required long BytesFromClient { get; init; }

        public required long BytesFromServer { get; init; }

        public required double HandshakeMilliseconds { get; init; }

        /// <summary>The fault's name, if the handshake failed.</summary>
        public string? Fault { get; init; }

        public string? Problem { get; init; }

        /// <summary>The status line of HTTP, or what came in answer to standard input.</summary>
        public string? Answer { get; init; }

        public TraceJson? Trace { get; init; }
    }
}
