using Kippu.Cli.Ladders;
using Kippu.Cli.Tls;

namespace Kippu.Cli.Serving;

/// <summary>
/// One connection of <c>kippu serve</c>, as a line of JSON. <c>EarlyData</c> is "accepted" or "refused" if the client sent some, also where the handshake was not completed
/// afterwards: so it is with a replay.
/// </summary>
internal sealed record ServedConnection(int Number, string Peer, ConnectionReport? Connection, string? EarlyData, int? EarlyDataBytes, string? Fault, string? Problem, TraceJson? Trace);
