using System.Diagnostics.Metrics;

namespace Kippu.AspNetCore.Tests;

/// <summary>What the meters of one application have recorded.</summary>
internal sealed class MeasurementCollector : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly List<Seen> _all = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public MeasurementCollector(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public IReadOnlyList<Seen> Of(string name)
    {
        lock (_lock)
        {
            return [.. _all.Where(seen => seen.Instrument.Name == name)];
        }
    }

    /// <summary>Waits until so many were recorded.</summary>
    public async Task<IReadOnlyList<Seen>> WaitAsync(string name, int count)
    {
        while (true)
        {
            var changed = _changed.Task;
            if (Of(name) is var seen && seen.Count >= count)
            {
                return seen;
            }

            await changed.WaitAsync(TimeSpan.FromSeconds(30), Visitor.Token);
        }
    }

    public void Observe() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _all.Add(new Seen(instrument, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value)));
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
    }

    internal sealed record Seen(Instrument Instrument, double Value, Dictionary<string, object?> Tags)
    {
        public object? this[string tag] => Tags[tag];
    }
}
