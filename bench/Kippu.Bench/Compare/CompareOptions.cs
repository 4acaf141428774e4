using System.Globalization;

namespace Kippu.Bench.Compare;

/// <summary>How long a comparison is to run.</summary>
/// <param name="Rounds">Interleaved rounds; the medians over them are printed.</param>
/// <param name="Seconds">Of each stack in each case and round.</param>
/// <param name="IdleConnections">How many connections are held to see what one holds.</param>
internal sealed record CompareOptions(int Rounds = 7, double Seconds = 0.5, int IdleConnections = 5000)
{
    public const string Usage = "[--rounds N] [--seconds S] [--idle CONNECTIONS]";

    /// <summary>Null if they make no sense.</summary>
    public static CompareOptions? Parse(string[] args)
    {
        var options = new CompareOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || !double.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var value) || value <= 0)
            {
                return null;
            }

            switch (args[i])
            {
                case "--rounds": options = options with { Rounds = (int)value }; break;
                case "--seconds": options = options with { Seconds = value }; break;
                case "--idle": options = options with { IdleConnections = (int)value }; break;
                default: return null;
            }
        }

        return options;
    }
}
