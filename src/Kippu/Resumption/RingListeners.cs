namespace Kippu.Resumption;

/// <summary>Those who want to know when a ring comes into force.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class RingListeners
{
    private readonly Lock _lock = new();
    private Registration[] _registrations = [];

    public IDisposable Add(Action<TicketKeyRing> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        var registration = new Registration(this, listener);
        lock (_lock)
        {
            _registrations = [.. _registrations, registration];
        }

        return registration;
    }

    /// <summary>Not to be called under a lock: listeners are strangers.</summary>
    public void Notify(TicketKeyRing ring)
    {
        foreach (var registration in Volatile.Read(ref _registrations))
        {
            registration.Listener(ring);
        }
    }

    private void Remove(Registration registration)
    {
        lock (_lock)
        {
            _registrations = [.. _registrations.Where(other => !ReferenceEquals(other, registration))];
        }
    }

    private sealed class Registration(RingListeners owner, Action<TicketKeyRing> listener) : IDisposable
    {
        public Action<TicketKeyRing> Listener { get; } = listener;

        public void Dispose() => owner.Remove(this);
    }
}
