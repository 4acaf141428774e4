using Microsoft.Extensions.Logging;

namespace Kippu.Fleet;

/// <summary>What is logged of rings. The numbers of the events are stable (docs/fleet-operations.md).</summary>
internal static partial class RingLog
{
    public const string Category = "Kippu.Ring";

    [LoggerMessage(201, LogLevel.Information, "ring {Epoch}.{Version} of {Path} is in force: {Keys} keys")]
    public static partial void Taken(ILogger logger, string path, long epoch, long version, int keys);

    [LoggerMessage(202, LogLevel.Warning, "{Path} is not taken ({Problem}): {Detail}. Ring {Epoch}.{Version} stays in force")]
    public static partial void Kept(ILogger logger, string path, RingProblem problem, string detail, long epoch, long version);

    [LoggerMessage(203, LogLevel.Information, "{Path} holds the ring in force again: {Epoch}.{Version}")]
    public static partial void Recovered(ILogger logger, string path, long epoch, long version);

    [LoggerMessage(204, LogLevel.Warning, "no key of ring {Epoch}.{Version} seals: no tickets are issued until it is rotated, and nothing fails")]
    public static partial void NoKeySeals(ILogger logger, long epoch, long version);

    [LoggerMessage(205, LogLevel.Debug, "{Path} is not watched, only looked at now and then: {Detail}")]
    public static partial void NotWatched(ILogger logger, string path, string detail);

    [LoggerMessage(206, LogLevel.Warning, "the high-water file was not written, so that a restart may take an older ring: {Detail}")]
    public static partial void HighWaterNotWritten(ILogger logger, string detail);

    [LoggerMessage(207, LogLevel.Error, "a listener to the status of the ring has failed")]
    public static partial void ListenerFailed(ILogger logger, Exception exception);

    [LoggerMessage(211, LogLevel.Information, "ring {Epoch}.{Version} was written: {Keys} keys")]
    public static partial void Rotated(ILogger logger, long epoch, long version, int keys);

    [LoggerMessage(212, LogLevel.Debug, "another process has written the ring first")]
    public static partial void Overtaken(ILogger logger);

    [LoggerMessage(213, LogLevel.Error, "the ring was not rotated, and will be tried again: {Detail}")]
    public static partial void RotationFailed(ILogger logger, string detail);

    [LoggerMessage(214, LogLevel.Warning, "this machine's clock is behind the last writer's of ring {Ring} by more than the clock skew: it rotates nothing")]
    public static partial void ClockBehind(ILogger logger, string ring);
}
