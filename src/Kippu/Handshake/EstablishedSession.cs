using Kippu.Wire;

namespace Kippu.Handshake;

/// <summary>What is left of a handshake once it is over: what was negotiated, the exporter, and how to forget the session after a fatal alert.</summary>
internal sealed class EstablishedSession(TlsConnectionInfo info, IExporter? exporter, Action? forget, int peerRecordLimit, int ownRecordLimit) : IDisposable
{
    public TlsConnectionInfo Info { get; } = info;

    /// <summary>Null where RFC 7627 §5.4 forbids exporting: there is no extended master secret.</summary>
    public IExporter? Exporter { get; } = exporter;

    /// <summary>The largest plaintext that the peer takes in one record (RFC 8449).</summary>
    public int PeerRecordLimit { get; } = peerRecordLimit;

    /// <summary>The largest plaintext that this side takes in one record, if it said so and the peer understood.</summary>
    public int OwnRecordLimit { get; } = ownRecordLimit;

    /// <summary>RFC 5246 §7.2.2: "Any connection terminated with a fatal alert MUST NOT be resumed."</summary>
    public void Forget() => forget?.Invoke();

    public void Dispose()
    {
        Exporter?.Dispose();
        Info.DisposeCertificate();
    }
}
