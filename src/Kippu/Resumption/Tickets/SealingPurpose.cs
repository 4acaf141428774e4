namespace Kippu.Resumption;

/// <summary>What a session is sealed for. Each purpose has keys of its own (RFC 5077 §5.5), so that what is sealed for one cannot be presented for the other.</summary>
internal enum SealingPurpose
{
    /// <summary>A ticket, kept by the client.</summary>
    Ticket,

    /// <summary>A value in the server's session-ID cache.</summary>
    SessionId,
}
