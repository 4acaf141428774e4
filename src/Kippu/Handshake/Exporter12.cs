using Kippu.Crypto;
using Kippu.KeySchedule;
using Kippu.Wire;

namespace Kippu.Handshake;

/// <summary>The exporter of a TLS 1.2 connection (RFC 5705 §4). Keeps the secret alone: a connection that never exports holds no hash state.</summary>
internal sealed class Exporter12(CipherSuite suite, ReadOnlySpan<byte> masterSecret, byte[] clientRandom, byte[] serverRandom) : IExporter
{
    private readonly SecretBytes _secret = SecretBytes.CopyOf(masterSecret);

    public void Export(ReadOnlySpan<byte> label, bool hasContext, ReadOnlySpan<byte> context, Span<byte> destination)
    {
        using var master = MasterSecret12.Resume(suite, _secret.Span);
        master.Export(label, hasContext, context, clientRandom, serverRandom, destination);
    }

    public void Dispose() => _secret.Dispose();
}
