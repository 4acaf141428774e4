using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Kippu.AspNetCore;

/// <summary>Which share of an endpoint's new connections Kippu serves. The others go on, on the same listener, to Kestrel's own <c>SslStream</c>.</summary>
/// <remarks>As text: <c>On</c>, <c>Off</c>, or <c>Percent: n</c> with n from 0 to 100, fractions allowed.</remarks>
public readonly struct KippuMode : IEquatable<KippuMode>
{
    private readonly double _leftOut;

    private KippuMode(double percent) => _leftOut = 100 - percent;

    /// <summary>Kippu serves every connection. The default.</summary>
    public static KippuMode On => default;

    /// <summary>Kippu serves none.</summary>
    public static KippuMode Off { get; } = new(0);

    /// <summary>The share in percent, 0 to 100.</summary>
    public double Share => 100 - _leftOut;

    /// <summary>Kippu serves this share of the connections, chosen at random.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not within 0 and 100.</exception>
    public static KippuMode Percent(double percent)
    {
        // Also false for NaN.
        return percent is >= 0 and <= 100 ? new KippuMode(percent) : throw new ArgumentOutOfRangeException(nameof(percent), percent, "not within 0 and 100");
    }

    /// <summary>Reads <c>On</c>, <c>Off</c> or <c>Percent: n</c>, without regard to case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out KippuMode mode)
    {
        const string Prefix = "Percent:";
        mode = default;
        var trimmed = text?.Trim();
        if (string.Equals(trimmed, "On", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (string.Equals(trimmed, "Off", StringComparison.OrdinalIgnoreCase))
        {
            mode = Off;
            return true;
        }

        if (trimmed?.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) != true
            || !double.TryParse(trimmed.AsSpan(Prefix.Length), NumberStyles.AllowLeadingWhite | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            || percent is not (>= 0 and <= 100))
        {
            return false;
        }

        mode = new KippuMode(percent);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(KippuMode other) => _leftOut.Equals(other._leftOut);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is KippuMode other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _leftOut.GetHashCode();

    /// <summary>The text that <see cref="TryParse"/> reads.</summary>
    public override string ToString() => Share switch
    {
        100 => "On",
        0 => "Off",
        var share => string.Create(CultureInfo.InvariantCulture, $"Percent: {share}"),
    };

    /// <summary>Whether the shares are equal.</summary>
    public static bool operator ==(KippuMode left, KippuMode right) => left.Equals(right);

    /// <summary>Whether the shares differ.</summary>
    public static bool operator !=(KippuMode left, KippuMode right) => !left.Equals(right);
}
