using System.Security.Cryptography;
using Kippu.Wire;

namespace Kippu.Tests.Handshake.Peers;

/// <summary>A session as a hostile peer keeps it: it may be offered or resumed in ways that no rule allows.</summary>
internal sealed record PeerSession
{
    public required CipherSuite Suite { get; init; }

    public required byte[] MasterSecret { get; init; }

    public bool ExtendedMasterSecret { get; init; } = true;

    /// <summary>Null: the SessionTicket extension is not sent.</summary>
    public byte[]? Ticket { get; init; }

    /// <summary>What is sent as session_id: the session's own, or a fresh one beside a ticket.</summary>
    public byte[] SessionId { get; init; } = [];

    /// <summary>The same session, offered by a ticket, with a fresh session ID beside it.</summary>
    public PeerSession WithTicket(byte[] ticket) => this with { Ticket = ticket, SessionId = RandomNumberGenerator.GetBytes(32) };
}
