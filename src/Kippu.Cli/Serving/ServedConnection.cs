using Kippu.Cli.Ladders;
using Kippu.Cli.Tls;

namespace Kippu.Cli.Serving;

/// <summary>One connection of <c>kippu serve</c>, as a line of JSON.</summary>
internal sealed record ServedConnection(int Number, string Peer, ConnectionReport? Connection, string? Fault, string? Problem, TraceJson? Trace);
