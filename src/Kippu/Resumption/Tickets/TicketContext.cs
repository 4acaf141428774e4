using System.Security.Authentication;

namespace Kippu;

/// <summary>What an <see cref="ITicketProtector"/> is told about the ticket that it seals or opens.</summary>
public readonly struct TicketContext
{
    internal TicketContext(SessionScope scope, SslProtocols version, DateTimeOffset now, TimeSpan lifetime)
    {
        Scope = scope;
        Version = version;
        Now = now;
        Lifetime = lifetime;
    }

    /// <summary>The policy under which the session may be resumed. A ticket sealed under one scope must not open under another.</summary>
    public SessionScope Scope { get; }

    /// <summary>The version of TLS. A ticket sealed for one version must not open for another.</summary>
    public SslProtocols Version { get; }

    /// <summary>The time.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>When sealing: the lifetime that will be advertised. Zero when opening.</summary>
    public TimeSpan Lifetime { get; }
}
