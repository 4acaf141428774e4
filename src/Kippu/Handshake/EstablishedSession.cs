using Kippu.Wire;

namespace Kippu.Handshake;

/// <summary>What is left of a handshake once it is over: what was negotiated, the exporter, and how to forget the session after a fatal alert.</summary>
internal sealed class EstablishedSession(TlsConnectionInfo info, IExporter? exporter, int ownRecordLimit) : IDisposable
{
    public TlsConnectionInfo Info { get; } = info;

    /// <summary>Null where RFC 7627 §5.4 forbids exporting: there is no extended master secret.</summary>
    public IExporter? Exporter { get; } = exporter;

    /// <summary>The largest plaintext that this side takes in one record, if it said so and the peer understood.</summary>
    public int OwnRecordLimit { get; } = ownRecordLimit;

    /// <summary>TLS 1.3: changes the writing keys; true asks the peer to change its own too. Null in TLS 1.2.</summary>
    public Action<bool>? UpdateWriteKeys { get; init; }

    /// <summary>A server of TLS 1.3 issues tickets with it. Otherwise null.</summary>
    public TicketIssuer13? Tickets { get; init; }

    /// <summary>A client of TLS 1.3 keeps its tickets with it. Otherwise null.</summary>
    public TicketKeeper13? Keeper { get; init; }

    /// <summary>What <see cref="Forget"/> does; null: there is nothing to forget.</summary>
    public Action? OnForget { get; init; }

    /// <summary>RFC 5246 §7.2.2: "Any connection terminated with a fatal alert MUST NOT be resumed."</summary>
    public void Forget() => OnForget?.Invoke();

    public void Dispose()
    {
        Exporter?.Dispose();
        Tickets?.Dispose();
        Keeper?.Dispose();
        Info.DisposeCertificate();
    }
}
