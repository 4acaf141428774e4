using System.Diagnostics.Metrics;

namespace Kippu.Cli.Node;

/// <summary>Which version of the ring this node has, as the meter <c>Kippu</c> tells everyone.</summary>
internal sealed class RingVersion : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _version;

    public RingVersion()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Name: "kippu.ring.version", Meter.Name: "Kippu" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, version, _, _) => Volatile.Write(ref _version, version));
        _listener.Start();
    }

    public long Current
    {
        get
        {
            _listener.RecordObservableInstruments();
            return Volatile.Read(ref _version);
        }
    }

    public void Dispose() => _listener.Dispose();
}
