using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Security.Authentication;
using Kippu.Cli.Output;

namespace Kippu.Cli.Commands;

/// <summary>Kinds of option values that several commands have.</summary>
internal static class OptionValues
{
    private static readonly char[] s_letters = ['m', 's', 'h', 'd'];

    /// <summary>True if it stands on the command line.</summary>
    public static bool IsGiven(ParseResult result, Option option) => result.GetResult(option) is { Implicit: false };

    /// <summary>One rule for all: what would have no effect is refused.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="option">If this is given,</param>
    /// <param name="because">then for this reason</param>
    /// <param name="others">these are without effect.</param>
    public static void RefuseTogether(ParseResult result, Option option, string because, params ReadOnlySpan<Option> others)
    {
        foreach (var other in others)
        {
            if (IsGiven(result, option) && IsGiven(result, other))
            {
                throw CommandFault.Usage($"{option.Name} {because}, so {other.Name} has no effect", "Leave one of the two out.");
            }
        }
    }

    /// <summary>A whole number within bounds.</summary>
    public static Option<int> Number(string name, string description, string helpName, int least, int most, int? standard = null)
    {
        var option = new Option<int>(name) { Description = description, HelpName = helpName };
        option.CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            {
                return number;
            }

            result.AddError($"{name}: '{result.Tokens[0].Value}' is no number from {least} to {most}");
            return least;
        };
        if (standard is { } value)
        {
            option.DefaultValueFactory = _ => value;
        }

        return option;
    }

    public static IPAddress? Address(ArgumentResult result)
    {
        if (IPAddress.TryParse(result.Tokens[0].Value, out var address))
        {
            return address;
        }

        result.AddError($"'{result.Tokens[0].Value}' is no IP address: 127.0.0.1, 0.0.0.0 and ::1 are some");
        return null;
    }

    /// <summary>An option with a few words to choose from; the first is the default.</summary>
    public static Option<string> Choice(string name, string description, params string[] words)
    {
        var option = new Option<string>(name) { Description = description, HelpName = string.Join('|', words), DefaultValueFactory = _ => words[0] };
        return option.AcceptOnlyFromAmong(words);
    }

    /// <summary>--tls 1.2 or --tls 1.3.</summary>
    public static Option<string?> Version() =>
        new Option<string?>("--tls") { Description = "Speaks this version of TLS only; by default both.", HelpName = "1.2|1.3" }.AcceptOnlyFromAmong("1.2", "1.3");

    /// <summary><see cref="SslProtocols.None"/>: both.</summary>
    public static SslProtocols Version(ParseResult result, Option<string?> option) =>
        result.GetValue(option) switch { "1.2" => SslProtocols.Tls12, "1.3" => SslProtocols.Tls13, _ => SslProtocols.None };

    /// <summary>A number of seconds, with or without their unit.</summary>
    public static TimeSpan? Seconds(ParseResult result, Option<string?> option)
    {
        if (result.GetValue(option) is not { } text)
        {
            return null;
        }

        return double.TryParse(text.EndsWith('s') ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 600
            ? TimeSpan.FromSeconds(seconds)
            : throw CommandFault.Usage($"{option.Name}: '{text}' is no number of seconds", "Give more than 0 and at most 600.");
    }

    /// <summary>A number with its unit: 500ms, 90s, 30m, 12h, 7d.</summary>
    public static Option<string> Duration(string name, string description, string standard) =>
        new(name) { Description = description, HelpName = "DURATION", DefaultValueFactory = _ => standard };

    /// <summary>How long tickets may live: a second to seven days, which is as long as RFC 8446 §4.6.1 allows.</summary>
    public static TimeSpan TicketLifetime(ParseResult result, Option<string> option) => Duration(result, option, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7));

    public static TimeSpan Duration(ParseResult result, Option<string> option, TimeSpan least, TimeSpan most)
    {
        var text = result.GetRequiredValue(option);
        var (digits, unit) = (text.TrimEnd(s_letters), text[text.TrimEnd(s_letters).Length..]);
        var milliseconds = unit switch { "ms" => 1, "s" => 1000, "m" => 60_000, "h" => 3_600_000, "d" => 86_400_000, _ => 0 };
        if (milliseconds == 0 || !double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
        {
            throw CommandFault.Usage($"{option.Name}: '{text}' is no duration", "500ms, 90s, 30m, 12h and 7d are some.");
        }

        var value = count * milliseconds;
        return value >= least.TotalMilliseconds && value <= most.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(value)
            : throw CommandFault.Usage(
                $"{option.Name}: {text} is too {(value < least.TotalMilliseconds ? "short" : "long")}", $"Give {Quantities.Duration(least)} to {Quantities.Duration(most)}.");
    }
}
