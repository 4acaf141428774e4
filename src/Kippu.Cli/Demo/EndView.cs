using Kippu.Cli.Ladders;
using Kippu.Cli.Tls;

namespace Kippu.Cli.Demo;

/// <summary>A handshake as one end saw it.</summary>
/// <param name="Trace">Messages, wire, and the pattern inferred from it.</param>
/// <param name="Report">What its engine says was negotiated.</param>
/// <param name="Exported">Keying material (RFC 5705) for no purpose but to compare: both ends have the same if they share the master secret.</param>
internal sealed record EndView(HandshakeTrace Trace, ConnectionReport Report, byte[] Exported)
{
    private const int ExportedLength = 32;

    public static EndView Of(TlsStream tls, HandshakeTrace trace)
    {
        var exported = new byte[ExportedLength];
        tls.Connection.ExportKeyingMaterial("EXPERIMENTAL kippu demo"u8, null, exported);
        return new EndView(trace, ConnectionReport.Of(tls.Info), exported);
    }
}
