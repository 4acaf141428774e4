using System.Globalization;

namespace Kippu.Cli.Output;

/// <summary>Quantities as people read them.</summary>
internal static class Quantities
{
    public static string Bytes(long count) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "byte" : "bytes")}");

    public static string Count(int count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");

    public static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.00}");

    /// <summary>"12 h", "6 h 59 min", "3 d 2 h", "850 ms": the two greatest units.</summary>
    public static string Duration(TimeSpan time)
    {
        if (time < TimeSpan.FromSeconds(1))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms");
        }

        (int Value, string Unit)[] parts = [(time.Days, "d"), (time.Hours, "h"), (time.Minutes, "min"), (time.Seconds, "s")];
        var first = Array.FindIndex(parts, part => part.Value > 0);
        return string.Join(' ', parts[first..Math.Min(first + 2, parts.Length)].Where(part => part.Value > 0).Select(part => $"{part.Value} {part.Unit}"));
    }

    /// <summary>UTC, to the millisecond.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>UTC, to the minute.</summary>
    public static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
