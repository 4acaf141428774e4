using Microsoft.Extensions.Logging;

namespace Kippu.AspNetCore.Diagnostics;

/// <summary>Everything that is logged. The numbers are stable: docs/metrics-and-events.md lists them. What a peer can cause is Debug.</summary>
internal static partial class KippuLog
{
    public const string Handshake = "Kippu.Handshake";
    public const string Ring = "Kippu.Ring";
    public const string Store = "Kippu.Store";

    [LoggerMessage(1, LogLevel.Debug, "Connection {ConnectionId}: {Protocol} is established, {Kind}; ticket refused: {Refusal}", EventName = "HandshakeCompleted")]
    public static partial void HandshakeCompleted(ILogger log, string connectionId, string protocol, string kind, TicketRefusal refusal);

    [LoggerMessage(2, LogLevel.Debug, "Connection {ConnectionId}: the handshake failed, {Reason}", EventName = "HandshakeFailed")]
    public static partial void HandshakeFailed(ILogger log, string connectionId, string reason, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "Connection {ConnectionId}: the handshake failed for a reason of this side's own", EventName = "HandshakeBroke")]
    public static partial void HandshakeBroke(ILogger log, string connectionId, Exception exception);

    [LoggerMessage(4, LogLevel.Debug, "Connection {ConnectionId}: nothing came, and nothing was begun", EventName = "NothingCame")]
    public static partial void NothingCame(ILogger log, string connectionId);

    [LoggerMessage(5, LogLevel.Information, "{Where} is now {Mode}, it was {Previous}", EventName = "ModeChanged")]
    public static partial void ModeChanged(ILogger log, string where, KippuMode mode, KippuMode previous);

    [LoggerMessage(6, LogLevel.Warning, "The configuration has changed and is wrong, so {Where} stays {Mode}: {Reason}", EventName = "ModeKept")]
    public static partial void ModeKept(ILogger log, string where, KippuMode mode, string reason);

    [LoggerMessage(20, LogLevel.Information, "{Where}: new certificates are in force: {Thumbprints}", EventName = "CertificatesTaken")]
    public static partial void CertificatesTaken(ILogger log, string where, string thumbprints);

    [LoggerMessage(21, LogLevel.Warning, "{Where}: the files have changed and cannot be used, so the old certificates stay in force: {Reason}", EventName = "CertificatesKept")]
    public static partial void CertificatesKept(ILogger log, string where, string reason);

    [LoggerMessage(40, LogLevel.Information, "{Profile} has {Ring}; sessions are named {ScopeName}", EventName = "RingInForce")]
    public static partial void RingInForce(ILogger log, string profile, string ring, string scopeName);
}
