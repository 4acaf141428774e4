using Kippu.Cli.Ladders;
using Kippu.Cli.Tls;

namespace Kippu.Cli.Demo;

/// <summary>A handshake as one end saw it.</summary>
/// <param name="Trace">Messages, wire, and the pattern inferred from it.</param>
/// <param name="Report">What its engine says was negotiated; null if the handshake was not completed.</param>
/// <param name="Exported">Keying material (RFC 5705) for no purpose but to compare: both ends have the same if they share the master secret.</param>
/// <param name="EarlyBytes">How much early data was accepted.</param>
internal sealed record EndView(HandshakeTrace Trace, ConnectionReport? Report, byte[] Exported, int EarlyBytes)
{
    private const int ExportedLength = 32;

    /// <summary>After a handshake, and after the tickets that follow it in TLS 1.3.</summary>
    public static EndView Of(TlsChannel tls, HandshakeTrace trace, int earlyBytes)
    {
        var exported = new byte[ExportedLength];
        tls.ExportKeyingMaterial("EXPERIMENTAL kippu demo"u8, null, exported);
        var report = ConnectionReport.Of(tls.Info).WithTickets(trace.NewTickets.Count, trace.Hidden.TicketLifetime);
        return new EndView(trace, trace.EarlyData == EarlyDataOutcome.NotOffered ? report : report.WithEarlyData(trace.EarlyData, earlyBytes), exported, earlyBytes);
    }
}
