using System.Security.Authentication;

namespace Kippu.Cli.Fleet;

/// <summary>One connection of a client, and what became of it.</summary>
internal sealed record Visit
{
    public required SslProtocols Version { get; init; }

    /// <summary>When it began, from the first connection of all on.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>Whether the ClientHello carried a ticket, by its bytes: then it is an attempt to resume.</summary>
    public bool IsAttempt { get; init; }

    /// <summary>The node that issued the ticket.</summary>
    public char? Issuer { get; init; }

    /// <summary>The node that it came to: by what the node says, or where nothing was said, by what the balancer knows.</summary>
    public char? Acceptor { get; init; }

    /// <summary>What the node says; null if nothing was heard.</summary>
    public NodeAnswer? Answer { get; init; }

    /// <summary>What the client's engine says.</summary>
    public bool Resumed { get; init; }

    /// <summary>How old the ticket was, from the moment it came.</summary>
    public TimeSpan? TicketAge { get; init; }

    /// <summary>Why there was no answer; null if there was one.</summary>
    public string? Failure { get; init; }

    /// <summary>It was under way on a node that was killed: the one excuse there is.</summary>
    public bool WasOnKilledNode { get; init; }

    public bool IsElsewhere => Issuer != Acceptor;

    public string VersionName => Version == SslProtocols.Tls13 ? "TLS 1.3" : "TLS 1.2";
}
