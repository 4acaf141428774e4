using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using System.Text.Json;
using Kippu.Cli.Connecting;
using Kippu.Cli.Demo;
using Kippu.Cli.Output;
using Kippu.Cli.Tls;

namespace Kippu.Cli.Commands;

/// <summary><c>kippu connect HOST[:PORT]</c>: handshakes with any TLS server, and tells whether and how it resumes.</summary>
internal sealed class ConnectCommand
{
    private const string Description =
        "Connects to a TLS server, once or several times, and says what was negotiated and whether and how sessions resume. "
        + "With --reconnect or --session-in a connection that is not resumed is a finding (exit code 1), unless --no-ticket and --no-session-id leave nothing to resume by.";

    private const int LongestInput = 1024 * 1024;
    private const int MostReconnects = 10_000;

    private readonly Argument<string> _target = new("HOST[:PORT]") { Description = "Name or address of the server; the port is 443 if none is given. [::1]:443 for IPv6." };
    private readonly Option<int> _reconnect = OptionValues.Number("--reconnect", "Connects N times more.", "N", 0, MostReconnects);
    private readonly Option<ConnectTarget[]?> _at = new("--at")
    {
        Description = "Connects there in the place of HOST:PORT, in turn if there are several: the nodes of one service, whose sessions belong to HOST:PORT.",
        HelpName = "ADDRESS:PORT,..",
        CustomParser = Nodes,
    };

    private readonly Option<string?> _tls = OptionValues.Version();
    private readonly Option<bool> _noTicket = new("--no-ticket") { Description = "Neither asks for tickets nor offers any." };
    private readonly Option<bool> _noSessionId = new("--no-session-id") { Description = "Offers no session by session ID." };
    private readonly Option<string?> _sni = new("--sni") { Description = "Asks for NAME by server_name and verifies the certificate against it; '' sends none and verifies HOST.", HelpName = "NAME" };
    private readonly Option<string?> _alpn = new("--alpn") { Description = "Application protocols to offer, separated by commas.", HelpName = "NAMES" };
    private readonly Option<string?> _ciphers = new("--ciphers") { Description = "Cipher suites in order of preference, by IANA's or OpenSSL's names.", HelpName = "NAMES" };
    private readonly Option<string?> _groups = new("--groups") { Description = TlsNames.GroupHelp, HelpName = "NAMES" };
    private readonly Option<string?> _ca = new("--ca") { Description = "Roots in PEM to trust, in the place of the system's.", HelpName = "FILE" };
    private readonly Option<string?> _cert = new("--cert") { Description = "Client certificate chain in PEM (or .pfx).", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--key") { Description = "Its private key in PEM, if it is not in the file of --cert.", HelpName = "FILE" };
    private readonly Option<bool> _insecure = new("--insecure") { Description = "Accepts any certificate. Sessions made this way are never offered with verification." };
    private readonly Option<string?> _sessionIn = new("--session-in") { Description = "Offers a session that --session-out wrote.", HelpName = "FILE" };
    private readonly Option<string?> _sessionOut = new("--session-out") { Description = "Writes the sessions, their keys in the clear, to a file readable by its owner only (0600).", HelpName = "FILE" };
    private readonly Option<string?> _keyLog = new("--keylog") { Description = "Adds the keys of each connection to FILE, for Wireshark (default: $SSLKEYLOGFILE).", HelpName = "FILE" };
    private readonly Option<string> _get = new("--get") { Description = "What to GET by HTTP/1.1 after the handshake.", HelpName = "PATH", DefaultValueFactory = _ => "/" };
    private readonly Option<bool> _stdin = new("--stdin") { Description = "Sends standard input in the place of the GET, and shows the answer." };
    private readonly Option<bool> _noRequest = new("--no-request") { Description = "Sends nothing after the handshake." };
    private readonly Option<string?> _earlyData = new("--early-data")
    {
        Description = "Sends FILE in the place of the GET: as early data (0-RTT, TLS 1.3) if a session allows it, and after the handshake if not, or if the server refuses it. Who records it can replay it.",
        HelpName = "FILE",
    };

    private readonly Option<string> _timeout = OptionValues.Duration("--timeout", "How long connecting may take, and the handshake.", "10s");
    private readonly Option<bool> _trace = new("--trace") { Description = "Draws each handshake as a ladder, and shows the fields of its tickets and the records on the wire." };
    private readonly Option<bool> _json = new("--json") { Description = "The report as JSON." };

    public static Command Create(Screen screen)
    {
        var options = new ConnectCommand();
        var command = new Command("connect", Description)
        {
            options._target, options._at, options._tls, options._reconnect, options._noTicket, options._noSessionId, options._sni, options._alpn, options._ciphers, options._groups,
            options._ca, options._cert, options._key, options._insecure, options._sessionIn, options._sessionOut, options._keyLog, options._get,
            options._stdin, options._noRequest, options._earlyData, options._timeout, options._trace, options._json,
        };
        command.SetAction((result, cancellationToken) => RunAsync(options.Read(result), screen, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ConnectOptions options, Screen screen, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        using var setup = new ClientSetup(options, time);
        if (options.SessionIn is not null && setup.Imported == 0)
        {
            screen.Complain($"{options.SessionIn} holds no session that could still be used", "");
        }

        await WarmUp.RunAsync(cancellationToken).ConfigureAwait(false);
        var connector = new Connector(options, setup, time);
        var outcomes = await connector.RunAsync(cancellationToken).ConfigureAwait(false);
        var findings = ConnectFindings.Of(options, outcomes);
        if (options.SessionOut is { } path)
        {
            Export(path, setup, outcomes, screen);
        }

        if (options.Json)
        {
            var report = new ConnectReport(options.Target.ToString(), [.. outcomes.Select(outcome => outcome.ToJson(options.Trace))], findings);
            screen.Write(JsonSerializer.Serialize(report, KippuJson.Default.ConnectReport));
        }
        else
        {
            new ConnectText(options, screen).Write(outcomes, findings);
        }

        return findings.Count == 0 ? ExitCodes.Expected : ExitCodes.Finding;
    }

    /// <summary>A file of sessions that were good is not given away for a connection that was none.</summary>
    private static void Export(string path, ClientSetup setup, IReadOnlyList<ConnectionOutcome> outcomes, Screen screen)
    {
        if (!outcomes.Any(outcome => outcome.Negotiated is not null))
        {
            screen.Complain($"--session-out {path}: nothing was written, because no handshake was completed", "");
            return;
        }

        setup.Export(path);
        if (setup.Client.SessionStore.Count == 0)
        {
            screen.Complain($"--session-out {path}: it holds no session, because the server gave none", "");
        }
    }

    private static ConnectTarget[]? Nodes(ArgumentResult result)
    {
        ConnectTarget?[] nodes = [.. result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries).Select(ConnectTarget.Parse)];
        if (!nodes.Contains(null))
        {
            return nodes!;
        }

        result.AddError($"--at: '{result.Tokens[0].Value}' is not one or more of ADDRESS:PORT, as in 10.0.0.1:443,10.0.0.2:443");
        return null;
    }

    private ConnectOptions Read(ParseResult result)
    {
        var target = ConnectTarget.Parse(result.GetRequiredValue(_target))
            ?? throw CommandFault.Usage($"'{result.GetValue(_target)}' is no server", "Give HOST, HOST:PORT or [IPv6]:PORT.");
        if (result.GetValue(_insecure) && result.GetValue(_ca) is not null)
        {
            throw CommandFault.Usage("--insecure accepts any certificate, so --ca has no meaning", "Leave one of the two out.");
        }

        OptionValues.RefuseTogether(result, _noRequest, "asks for nothing", _get, _stdin);
        OptionValues.RefuseTogether(result, _stdin, "is what is sent", _get);
        var earlyData = EarlyData(result);
        return new ConnectOptions
        {
            Target = target,
            Nodes = result.GetValue(_at) is { Length: > 0 } nodes ? nodes : [target],
            Reconnects = result.GetValue(_reconnect),
            Versions = OptionValues.Version(result, _tls),
            UseTickets = !result.GetValue(_noTicket),
            UseSessionIds = !result.GetValue(_noSessionId),
            ServerName = result.GetValue(_sni),
            Protocols = TlsNames.ParseProtocols(result.GetValue(_alpn) ?? ""),
            Suites = TlsNames.ParseSuites(result.GetValue(_ciphers) ?? ""),
            Groups = TlsNames.ParseGroups(result.GetValue(_groups) ?? ""),
            CaFile = result.GetValue(_ca),
            CertificateFile = result.GetValue(_cert),
            KeyFile = result.GetValue(_key),
            Insecure = result.GetValue(_insecure),
            SessionIn = result.GetValue(_sessionIn),
            SessionOut = result.GetValue(_sessionOut),
            KeyLog = result.GetValue(_keyLog),
            Request = earlyData ?? Request(result, target),
            IsHttp = earlyData is null ? !result.GetValue(_stdin) : earlyData.AsSpan().IndexOf(" HTTP/1."u8) >= 0,
            EarlyData = earlyData is not null,
            Timeout = OptionValues.Duration(result, _timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1)),
            Trace = result.GetValue(_trace),
            Json = result.GetValue(_json),
        };
    }

    /// <summary>Null without the option.</summary>
    private byte[]? EarlyData(ParseResult result)
    {
        if (result.GetValue(_earlyData) is not { } path)
        {
            return null;
        }

        OptionValues.RefuseTogether(result, _earlyData, "is what is sent", _stdin, _noRequest, _get);
        if (OptionValues.Version(result, _tls) == System.Security.Authentication.SslProtocols.Tls12)
        {
            throw CommandFault.Usage("--early-data: TLS 1.2 has none", "Leave --tls 1.2 out.");
        }

        if (TlsNames.ParseProtocols(result.GetValue(_alpn) ?? "").Count > 1)
        {
            throw CommandFault.Usage("--early-data is written in one application protocol, and --alpn offers several", "Give one by --alpn.");
        }

        try
        {
            var data = File.ReadAllBytes(path);
            return data.Length is > 0 and <= LongestInput ? data : throw CommandFault.Usage($"--early-data: {path} is empty, or longer than 1 MiB", "Send something shorter.");
        }
        catch (Exception e) when (FileTrouble.IsOne(e))
        {
            throw CommandFault.Usage($"--early-data {FileTrouble.Of(path, e)}", "Name a file that exists and that you may read.", e);
        }
    }

    private byte[] Request(ParseResult result, ConnectTarget target)
    {
        if (result.GetValue(_noRequest))
        {
            return [];
        }

        if (!result.GetValue(_stdin))
        {
            var host = result.GetValue(_sni) is { Length: > 0 } name ? name : target.ToString();
            return Encoding.ASCII.GetBytes($"GET {PathOf(result)} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: kippu\r\nAccept: */*\r\nConnection: close\r\n\r\n");
        }

        using var input = Console.OpenStandardInput();
        using var buffer = new MemoryStream();
        input.CopyTo(buffer);
        return buffer.Length <= LongestInput ? buffer.ToArray() : throw CommandFault.Usage("standard input is longer than 1 MiB", "Send less.");
    }

    private string PathOf(ParseResult result)
    {
        var path = result.GetRequiredValue(_get);
        return path.StartsWith('/') && !path.Any(character => character is <= ' ' or > '~')
            ? path
            : throw CommandFault.Usage($"--get: '{path}' is no path", "It begins with / and has neither spaces nor letters beyond ASCII (percent-encode them).");
    }
}
