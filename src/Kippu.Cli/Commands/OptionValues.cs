using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Security.Authentication;

namespace Kippu.Cli.Commands;

/// <summary>Kinds of option values that several commands have.</summary>
internal static class OptionValues
{
    private const int GreatestPort = 65535;

    public static int Port(int port) =>
        port is >= 0 and <= GreatestPort ? port : throw CommandFault.Usage($"{port} is no port", "Give a number from 0 to 65535; 0 takes a free one.");

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

    /// <summary>A number with its unit: 90s, 30m, 12h, 7d.</summary>
    public static Option<string> Duration(string name, string description, string standard) =>
        new(name) { Description = description, HelpName = "DURATION", DefaultValueFactory = _ => standard };

    public static TimeSpan Duration(ParseResult result, Option<string> option)
    {
        var text = result.GetRequiredValue(option);
        if (text.Length > 1 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) && count is > 0 and < 1_000_000)
        {
            switch (text[^1])
            {
                case 's': return TimeSpan.FromSeconds(count);
                case 'm': return TimeSpan.FromMinutes(count);
                case 'h': return TimeSpan.FromHours(count);
                case 'd': return TimeSpan.FromDays(count);
            }
        }

        throw CommandFault.Usage($"{option.Name}: '{text}' is no duration", "90s, 30m, 12h and 7d are some.");
    }
}
