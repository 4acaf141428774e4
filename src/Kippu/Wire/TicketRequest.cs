namespace Kippu.Wire;

/// <summary>
/// How many tickets a client would like (RFC 9149 §3).
/// <code>
/// struct {
///     uint8 new_session_count;
///     uint8 resumption_count;
/// } ClientTicketRequest;
/// </code>
/// </summary>
/// <param name="NewSessionCount">If the server makes a full handshake of it.</param>
/// <param name="ResumptionCount">If the server resumes the session that this hello offers.</param>
internal readonly record struct TicketRequest(byte NewSessionCount, byte ResumptionCount);
