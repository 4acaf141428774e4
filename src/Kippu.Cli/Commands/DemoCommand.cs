using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Kippu.Cli.Demo;
using Kippu.Cli.Output;
using Kippu.Cli.Tls;

namespace Kippu.Cli.Commands;

/// <summary><c>kippu demo</c>: the main job on an embedded default.</summary>
internal sealed class DemoCommand
{
    private const string Description =
        "Two servers that share nothing but a ring of ticket keys, and a client that goes through all handshake patterns of RFC 5077 across both, over real sockets "
        + "on the loopback interface, and through those of TLS 1.3: PSK, HelloRetryRequest, early data and its replay. A ladder for each, a table, and what the "
        + "renewed ticket holds. Exit code 0 only if each pattern, as inferred from the wire and the decrypted trace, is the one that was intended, and both ends agree.";

    private readonly Option<(int A, int B)> _ports = new("--ports")
    {
        Description = "Ports of node A and node B, for a capture; by default free ones are taken.",
        HelpName = "A,B",
        CustomParser = Ports,
    };

    private readonly Option<(int A, int B)> _via = new("--via")
    {
        Description = "Ports of relays in front of node A and node B, which the client connects to: they can record, where capturing packets needs a privilege.",
        HelpName = "A,B",
        CustomParser = Ports,
    };

    private readonly Option<string?> _keyLog = new("--keylog") { Description = "Adds the keys of each connection to FILE, for Wireshark (default: $SSLKEYLOGFILE).", HelpName = "FILE" };
    private readonly Option<bool> _trace = new("--trace") { Description = "Shows the fields of every SessionTicket extension and NewSessionTicket too." };
    private readonly Option<bool> _json = new("--json") { Description = "The report as JSON." };

    public static Command Create(Screen screen)
    {
        var options = new DemoCommand();
        var command = new Command("demo", Description) { options._ports, options._via, options._keyLog, options._trace, options._json };
        command.SetAction((result, cancellationToken) => options.RunAsync(result, screen, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, Screen screen, CancellationToken cancellationToken)
    {
        await WarmUpAsync(cancellationToken).ConfigureAwait(false);
        var (ports, via, json) = (result.GetValue(_ports), result.GetValue(_via), result.GetValue(_json));
        using var keyLog = KeyLogFile.Open(result.GetValue(_keyLog));
        await using var fleet = DemoFleet.Start(ports.A, ports.B, keyLog);
        (fleet.A.RelayPort, fleet.B.RelayPort) = via;
        var text = new DemoText(screen, result.GetValue(_trace));
        if (!json)
        {
            text.WriteOpening(fleet);
        }

        var script = new DemoScript(fleet, json ? _ => { } : text.WriteStep);
        await script.RunAsync(cancellationToken).ConfigureAwait(false);
        if (json)
        {
            screen.Write(JsonSerializer.Serialize(DemoReport.Of(fleet, script), KippuJson.Default.DemoReport));
        }
        else
        {
            text.WriteEnd(script);
        }

        return script.IsAsIntended ? ExitCodes.Expected : ExitCodes.Finding;
    }

    /// <summary>The first handshakes of a process pay for the compiler. That is not what the table is about, so the story is told once to nobody.</summary>
    private static async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        await using var fleet = DemoFleet.Start(0, 0, null);
        await new DemoScript(fleet, _ => { }).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private static (int A, int B) Ports(ArgumentResult result)
    {
        var parts = result.Tokens[0].Value.Split(',');
        if (parts.Length == 2
            && ushort.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var a)
            && ushort.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var b)
            && (a != b || a == 0))
        {
            return (a, b);
        }

        result.AddError($"{((OptionResult)result.Parent!).Option.Name}: '{result.Tokens[0].Value}' is not two different ports, as in 8443,9443");
        return default;
    }
}
