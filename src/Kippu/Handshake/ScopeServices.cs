using System.Collections.Concurrent;
using Kippu.Resumption;

namespace Kippu.Handshake;

/// <summary>The services that keep a server's sessions, one pair per scope: hosts with an equal policy share theirs, and all scopes share the ring.</summary>
internal sealed class ScopeServices : IDisposable
{
    private readonly TicketOptions _tickets;
    private readonly ISessionCache? _cache;
    private readonly InProcessRing? _ownRing;
    private readonly IRingSource _ring;
    private readonly ConcurrentDictionary<SessionScope, (TicketService Tickets, SessionIdService? SessionIds)> _byScope = new();
    private volatile bool _disposed;

    public ScopeServices(TicketOptions tickets, ISessionCache? cache, TimeProvider time)
    {
        _tickets = tickets;
        _cache = cache;
        _ownRing = tickets.Ring is null ? new InProcessRing(time) : null;
        _ring = tickets.Ring ?? _ownRing!;
        KeysComeFromOutside = (tickets.Enabled && (tickets.Ring is not null || tickets.Protector is not null)) || (cache is not null && tickets.Ring is not null);
    }

    /// <summary>Tickets or cached sessions are sealed with keys that the application brought, by a ring or a protector: other services may have them too.</summary>
    public bool KeysComeFromOutside { get; }

    public bool IsDisposed => _disposed;

    public (TicketService Tickets, SessionIdService? SessionIds) For(SessionScope scope)
    {
        var services = _byScope.GetOrAdd(scope, Make);
        if (_disposed)
        {
            Clear(services);
        }

        return services;
    }

    /// <summary>
    /// Clears what was derived from the ring, and the ring if it is the server's own. The services stay, and are off: connections that have them go on, and
    /// resume and issue no more.
    /// </summary>
    public void Dispose()
    {
        _disposed = true;
        foreach (var services in _byScope.Values)
        {
            Clear(services);
        }

        _ownRing?.Dispose();
    }

    private static void Clear((TicketService Tickets, SessionIdService? SessionIds) services)
    {
        services.Tickets.Dispose();
        services.SessionIds?.Dispose();
    }

    private (TicketService Tickets, SessionIdService? SessionIds) Make(SessionScope scope) => (
        new TicketService(_tickets, scope, _ring),
        _cache is null ? null : new SessionIdService(_cache, scope, _ring, _tickets));
}
