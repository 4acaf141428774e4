using System.Globalization;

namespace Kippu.Resumption;

/// <summary>Times as a ring and an export hold them: UTC, whole milliseconds, ISO 8601. Between the limits no sum of a time and a span of ours overflows.</summary>
internal static class RingTime
{
    private const string Milliseconds = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly string[] s_accepted = [Milliseconds, "yyyy-MM-dd'T'HH:mm:ss'Z'"];

    public static DateTimeOffset Earliest => DateTimeOffset.UnixEpoch;

    public static DateTimeOffset Latest { get; } = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>UTC, without what is less than a millisecond, and held between the limits.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset time)
    {
        if (time < Earliest)
        {
            return Earliest;
        }

        return time > Latest ? Latest : DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
    }

    public static DateTimeOffset? Truncate(DateTimeOffset? time) => time is { } value ? Truncate(value) : null;

    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(Milliseconds, CultureInfo.InvariantCulture);

    public static bool TryParse(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(
            text, s_accepted, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time)
        && time >= Earliest && time <= Latest;
}
