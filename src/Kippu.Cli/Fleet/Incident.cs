using System.Globalization;

namespace Kippu.Cli.Fleet;

/// <summary>Something that is done to a node at a time of the run.</summary>
/// <param name="Kind">What.</param>
/// <param name="Node">To which, by its letter.</param>
/// <param name="At">When, from the first connection on.</param>
/// <param name="For">How long it lasts, where it lasts.</param>
internal sealed record Incident(IncidentKind Kind, char Node, TimeSpan At, TimeSpan For)
{
    /// <summary>NODE@SECONDS or NODE@SECONDS+SECONDS, as in B@5 and B@5+2.5; null if it is neither.</summary>
    /// <param name="kind">What is to be done.</param>
    /// <param name="text">To whom and when.</param>
    /// <param name="standard">How long it lasts if that is not said.</param>
    public static Incident? Parse(IncidentKind kind, string text, TimeSpan standard)
    {
        var parts = text.Split('@', '+');
        var lasting = standard;
        return parts is [[var letter], _, ..] && char.IsAsciiLetter(letter) && Seconds(parts[1]) is { } at
            && (parts.Length == 2 || (parts.Length == 3 && text.IndexOf('+', StringComparison.Ordinal) > text.IndexOf('@', StringComparison.Ordinal) && Take(parts[2], out lasting)))
            ? new Incident(kind, char.ToUpperInvariant(letter), at, lasting)
            : null;
    }

    private static bool Take(string text, out TimeSpan time)
    {
        var seconds = Seconds(text);
        time = seconds ?? default;
        return seconds is not null;
    }

    private static TimeSpan? Seconds(string text) =>
        double.TryParse(text.EndsWith('s') ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
