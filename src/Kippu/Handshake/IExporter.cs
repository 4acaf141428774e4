namespace Kippu.Handshake;

/// <summary>Keying material for the application (RFC 5705).</summary>
internal interface IExporter : IDisposable
{
    void Export(ReadOnlySpan<byte> label, bool hasContext, ReadOnlySpan<byte> context, Span<byte> destination);
}
