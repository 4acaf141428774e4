using System.CommandLine;
using System.Net;
using System.Security.Authentication;
using Kippu.Cli.Demo;
using Kippu.Cli.Output;
using Kippu.Cli.Serving;
using Kippu.Cli.Tls;

namespace Kippu.Cli.Commands;

/// <summary><c>kippu serve</c>: an HTTPS test server that tells each client what was negotiated.</summary>
internal sealed class ServeCommand
{
    private const string DefaultScope = "kippu-serve";
    private const int DefaultPort = 4433;
    private const int DefaultEarlyDataSize = 16 * 1024;
    private const int GreatestEarlyDataSize = 1024 * 1024;

    private static readonly TimeSpan s_defaultWindow = TimeSpan.FromSeconds(10);

    private readonly Option<IPAddress> _listen = new("--listen")
    {
        Description = "Address to listen on.",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => IPAddress.Loopback,
        CustomParser = result => OptionValues.Address(result),
    };

    private readonly Option<int> _port = OptionValues.Number(
        "--port", "Port to listen on; 0 takes a free one. The first line of output is `listening on ADDRESS:PORT`.", "PORT", 0, 65535, DefaultPort);

    private readonly Option<string?> _cert = new("--cert") { Description = "Certificate chain in PEM (or .pfx). Without it one is made for this run.", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--key") { Description = "Private key in PEM, if it is not in the file of --cert.", HelpName = "FILE" };

    private readonly Option<string> _names = new("--names")
    {
        Description = "Names in the certificate that is made, separated by commas; the loopback addresses are always there.",
        HelpName = "NAMES",
        DefaultValueFactory = _ => "localhost",
    };

    private readonly Option<string?> _saveCa = new("--save-ca") { Description = "Writes the authority of the certificate that is made, for clients to trust (connect --ca FILE).", HelpName = "FILE" };
    private readonly Option<string?> _ring = new("--ring") { Description = "The ring of ticket keys that is shared with other nodes (kippu keys new FILE), or a directory with one *.ring in it; a change is seen at once. Without it: keys of this process alone.", HelpName = "FILE" };
    private readonly Option<string[]> _operatorKeys = RingOptions.OperatorKeysOption();

    private readonly Option<string> _scope = new("--scope")
    {
        Description = "Name of the sessions' scope: services with other names never resume each other's, also on one ring.",
        HelpName = "NAME",
        DefaultValueFactory = _ => DefaultScope,
    };

    private readonly Option<string?> _tls = OptionValues.Version();
    private readonly Option<bool> _noTickets = new("--no-tickets") { Description = "Neither issues nor accepts tickets." };
    private readonly Option<string> _lifetime = OptionValues.Duration("--ticket-lifetime", "Longest life of a ticket: 90s, 30m, 12h, 7d.", "12h");

    private readonly Option<string> _renew = OptionValues.Choice(
        "--renew", "When a resumed session gets a fresh ticket: past half of the old one's life, always, when another key seals by now, never.", "half", "always", "key", "never");

    private readonly Option<bool> _noReissue = new("--no-issue-on-rejection") { Description = "A refused ticket is not replaced by a new one." };
    private readonly Option<bool> _noSessionIds = new("--no-session-ids") { Description = "Keeps no sessions by session ID." };

    private readonly Option<int?> _earlyData = new("--early-data")
    {
        Description = "Takes up to SIZE bytes of early data (0-RTT, TLS 1.3), and answers them when the handshake is complete. With --early-data-window alone: 16384.",
        HelpName = "SIZE",
    };

    private readonly Option<string?> _earlyDataWindow = new("--early-data-window")
    {
        Description = "How far the age that a client states for its ticket may be from the true one, for its early data to be taken; none is taken before twice that has passed. Default: 10.",
        HelpName = "SECONDS",
    };

    private readonly Option<string?> _replayScope = new Option<string?>("--replay-scope")
    {
        Description = "per-node: each node that shares the ring takes the same early data once, which an attacker can make use of. --ring with early data demands that you say so.",
        HelpName = "per-node",
    }.AcceptOnlyFromAmong("per-node");

    private readonly Option<string> _clientCert = OptionValues.Choice("--client-cert", "Whether clients are asked for a certificate.", "none", "optional", "required");
    private readonly Option<string?> _clientCa = new("--client-ca") { Description = "Roots in PEM that client certificates must lead to; without it those of the system.", HelpName = "FILE" };
    private readonly Option<string> _alpn = new("--alpn") { Description = "Application protocols, separated by commas.", HelpName = "NAMES", DefaultValueFactory = _ => "http/1.1" };
    private readonly Option<string?> _ciphers = new("--ciphers") { Description = "Cipher suites in order of preference, by IANA's or OpenSSL's names.", HelpName = "NAMES" };
    private readonly Option<string?> _groups = new("--groups") { Description = TlsNames.GroupHelp, HelpName = "NAMES" };
    private readonly Option<string?> _keyLog = new("--keylog") { Description = "Adds the keys of each connection to FILE, for Wireshark (default: $SSLKEYLOGFILE).", HelpName = "FILE" };
    private readonly Option<bool> _trace = new("--trace") { Description = "Draws each handshake as a ladder, and tells what its tickets hold." };
    private readonly Option<bool> _json = new("--json") { Description = "One JSON object a line for each connection; HTTP answers in JSON too." };

    public static Command Create(Screen screen, TimeProvider time)
    {
        var options = new ServeCommand();
        var command = new Command("serve", "An HTTPS test server that answers each GET with what was negotiated, as text or (Accept: application/json, or /json) as JSON.")
        {
            options._listen, options._port, options._cert, options._key, options._names, options._saveCa, options._ring, options._operatorKeys, options._scope, options._tls, options._noTickets,
            options._lifetime, options._renew, options._noReissue, options._noSessionIds, options._earlyData, options._earlyDataWindow,
            options._replayScope, options._clientCert, options._clientCa, options._alpn,
            options._ciphers, options._groups, options._keyLog, options._trace, options._json,
        };
        command.SetAction((result, cancellationToken) => RunAsync(options.Read(result), screen, time, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ServeOptions options, Screen screen, TimeProvider time, CancellationToken cancellationToken)
    {
        using var setup = new ServerSetup(options, time, screen);
        await WarmUp.RunAsync(cancellationToken).ConfigureAwait(false);
        using var server = new TestServer(options, setup, time, screen);
        await server.RunAsync(cancellationToken).ConfigureAwait(false);
        return ExitCodes.Expected;
    }

    private ServeOptions Read(ParseResult result)
    {
        OptionValues.RefuseTogether(result, _cert, "brings its own names", _names, _saveCa);
        OptionValues.RefuseTogether(result, _noTickets, "turns tickets off", _ring, _lifetime, _renew, _noReissue);
        if (OptionValues.IsGiven(result, _clientCa) && result.GetValue(_clientCert) == "none")
        {
            throw CommandFault.Usage("--client-ca is about client certificates, and none is asked for", "Give --client-cert optional or --client-cert required too.");
        }

        return ReadAll(result);
    }

    private ServeOptions ReadAll(ParseResult result) => new()
    {
        Versions = OptionValues.Version(result, _tls),
        EarlyDataSize = EarlyDataSize(result),
        EarlyDataWindow = OptionValues.Seconds(result, _earlyDataWindow) ?? s_defaultWindow,
        ReplayScope = result.GetValue(_replayScope) is null ? ReplayScope.Fleet : ReplayScope.PerNode,
        Listen = result.GetRequiredValue(_listen),
        Port = result.GetValue(_port),
        CertificateFile = result.GetValue(_cert),
        KeyFile = result.GetValue(_key),
        Names = result.GetRequiredValue(_names).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        SaveCa = result.GetValue(_saveCa),
        RingFile = result.GetValue(_ring),
        OperatorKeyFiles = OperatorKeyFiles(result),
        Scope = result.GetRequiredValue(_scope) is { Length: > 0 } scope ? scope : throw CommandFault.Usage("--scope: the name is empty", "Leave --scope out, or give a name."),
        Tickets = !result.GetValue(_noTickets),
        TicketLifetime = OptionValues.TicketLifetime(result, _lifetime),
        Renewal = result.GetValue(_renew) switch
        {
            "always" => TicketRenewal.Always,
            "key" => TicketRenewal.WhenKeyIsNotCurrent,
            "never" => TicketRenewal.Never,
            _ => TicketRenewal.PastHalfLife,
        },
        IssueOnRejection = !result.GetValue(_noReissue),
        SessionIds = !result.GetValue(_noSessionIds),
        ClientCertificate = Enum.Parse<ClientCertificateRequirement>(result.GetRequiredValue(_clientCert), ignoreCase: true),
        ClientCaFile = result.GetValue(_clientCa),
        Protocols = TlsNames.ParseProtocols(result.GetRequiredValue(_alpn)),
        Suites = TlsNames.ParseSuites(result.GetValue(_ciphers) ?? ""),
        Groups = TlsNames.ParseGroups(result.GetValue(_groups) ?? ""),
        KeyLog = result.GetValue(_keyLog),
        Trace = result.GetValue(_trace),
        Json = result.GetValue(_json),
    };

    private string[] OperatorKeyFiles(ParseResult result)
    {
        var files = result.GetRequiredValue(_operatorKeys);
        return files.Length == 0 || result.GetValue(_ring) is not null ? files : throw CommandFault.Usage("--operator-key is about a ring, and there is none", "Give --ring FILE too.");
    }

    /// <summary>0 without early data. What does not go together with it is said here.</summary>
    private int EarlyDataSize(ParseResult result)
    {
        var size = result.GetValue(_earlyData) ?? (result.GetValue(_earlyDataWindow) is null ? 0 : DefaultEarlyDataSize);
        if (size is < 0 or > GreatestEarlyDataSize)
        {
            throw CommandFault.Usage($"--early-data {size} is out of range", $"Give a number of bytes from 0 to {GreatestEarlyDataSize}.");
        }

        if (size == 0)
        {
            return result.GetValue(_replayScope) is null ? 0 : throw CommandFault.Usage("--replay-scope is about early data, and there is none", "Give --early-data SIZE too.");
        }

        if (OptionValues.Version(result, _tls) == SslProtocols.Tls12 || result.GetValue(_noTickets))
        {
            throw CommandFault.Usage("early data needs TLS 1.3 and its tickets", "Leave --early-data out, or --tls 1.2 and --no-tickets.");
        }

        if (result.GetValue(_ring) is not null && result.GetValue(_replayScope) is null)
        {
            throw CommandFault.Usage(
                "early data with --ring: other nodes share the ring, so what this node has taken an attacker can have taken by each of them once more",
                "If that is what you want, say --replay-scope per-node.");
        }

        return size;
    }
}
