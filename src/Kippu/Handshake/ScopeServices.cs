using System.Collections.Concurrent;
using Kippu.Resumption;

namespace Kippu.Handshake;

/// <summary>The services that keep a server's sessions, one pair per scope: hosts with an equal policy share theirs, and all scopes share the ring.</summary>
internal sealed class ScopeServices(TicketOptions tickets, ISessionCache? cache, TimeProvider time)
{
    private readonly IRingSource _ring = tickets.Ring ?? new InProcessRing(time);
    private readonly ConcurrentDictionary<SessionScope, (TicketService Tickets, SessionIdService? SessionIds)> _byScope = new();

    /// <summary>The keys come from outside: other services may have them too.</summary>
    public bool HasSharedRing { get; } = tickets.Ring is not null && (tickets.Enabled || cache is not null);

    public (TicketService Tickets, SessionIdService? SessionIds) For(SessionScope scope) => _byScope.GetOrAdd(scope, Make);

    private (TicketService Tickets, SessionIdService? SessionIds) Make(SessionScope scope) => (
        new TicketService(tickets, scope, _ring),
        cache is null ? null : new SessionIdService(cache, scope, _ring, tickets));
}
