using Kippu.Cli.Ladders;
using Kippu.Cli.Tls;

namespace Kippu.Cli.Connecting;

/// <summary>The outcome of <c>kippu connect</c>.</summary>
/// <param name="Target">Host and port.</param>
/// <param name="Connections">One for each connection that was tried.</param>
/// <param name="Findings">What is not as expected; empty if nothing.</param>
internal sealed record ConnectReport(string Target, IReadOnlyList<ConnectReport.Connection> Connections, IReadOnlyList<string> Findings)
{
    /// <summary>One connection.</summary>
    internal sealed record Connection
    {
        public required int Number { get; init; }

        /// <summary>The address that was connected to.</summary>
        public required string Address { get; init; }

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

        /// <summary>The server asked for a client certificate; false if the session was resumed.</summary>
        public required bool ClientCertificateAsked { get; init; }

        /// <summary>It was given one.</summary>
        public required bool ClientCertificateSent { get; init; }

        /// <summary>The status line of HTTP, or what came in answer to standard input.</summary>
        public string? Answer { get; init; }

        public TraceJson? Trace { get; init; }
    }
}
