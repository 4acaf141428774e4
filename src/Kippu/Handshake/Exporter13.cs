using Kippu.KeySchedule;

namespace Kippu.Handshake;

/// <summary>The exporter of a TLS 1.3 connection (RFC 8446 §7.5).</summary>
internal sealed class Exporter13(ExporterSecret secret) : IExporter
{
    public void Export(ReadOnlySpan<byte> label, bool hasContext, ReadOnlySpan<byte> context, Span<byte> destination) => secret.Export(label, context, destination);

    public void Dispose() => secret.Dispose();
}
