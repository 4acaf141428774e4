using System.Globalization;
using System.Text.Json;
using Kippu.InteropTests.Capture;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Ours;
using Kippu.InteropTests.Peers;
using Xunit;

namespace Kippu.InteropTests.Scenarios;

/// <summary>tshark reads what we say.</summary>
internal static class CaptureScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("tshark dissects the NewSessionTicket of `TlsServer`", TicketIsDissectedAsync),
        new("tshark decrypts a connection with the lines of `TlsServerOptions.KeyLog`", KeyLogDecryptsAsync),
        new("tshark, on each handshake of TLS 1.2 of `kippu demo`", DemoIsDissectedAsync),
    ];

    private static async Task<string> TicketIsDissectedAsync(CancellationToken cancellationToken)
    {
        using var folder = new TempFolder();
        using var capture = new PcapFile(folder["wire.pcap"]);
        var sent = new NewSessionTicketRecorder();
        await using var host = new KippuHost(KippuServers.Make(options => options.Observer = sent));
        await using var relay = new RecordingRelay(capture, _ => host.Port);
        await KippuVisit.GetAsync(KippuClients.Make(_ => { }), relay.Port, cancellationToken);
        await relay.DrainAsync(cancellationToken);

        var lines = await Tshark.DissectAsync(capture.Path, "tls.handshake.type == 4", cancellationToken);
        var message = Assert.Single(sent.Messages);
        string[] expected =
        [
            "Handshake Type: New Session Ticket (4)",
            $"Length: {message.Length - 4}",
            $"Session Ticket Lifetime Hint: {message.LifetimeHint} seconds",
            $"Session Ticket Length: {message.Ticket.Length}",
            $"Session Ticket: {Convert.ToHexStringLower(message.Ticket.AsSpan(0, 16))}",
        ];
        foreach (var field in expected)
        {
            Assert.Contains(lines, line => line.Trim().StartsWith(field, StringComparison.Ordinal));
        }

        // The text shortens the ticket; the field is whole.
        var seen = Assert.Single(await Tshark.HandshakesAsync(capture.Path, cancellationToken)).NewSessionTicket;
        Assert.Equal(new SeenTicket(message.LifetimeHint, message.Ticket.Length, Convert.ToHexStringLower(message.Ticket)), seen);
        return string.Join(" ", expected.Take(4).Select(field => $"`{field}`")) + " and the bytes of the ticket, as they were sealed";
    }

    private static async Task<string> KeyLogDecryptsAsync(CancellationToken cancellationToken)
    {
        using var folder = new TempFolder();
        using var capture = new PcapFile(folder["wire.pcap"]);
        var keys = new List<string>();
        await using var host = new KippuHost(KippuServers.Make(options => options.KeyLog = keys.Add));
        await using var relay = new RecordingRelay(capture, _ => host.Port);
        await KippuVisit.GetAsync(KippuClients.Make(_ => { }), relay.Port, cancellationToken);
        await relay.DrainAsync(cancellationToken);

        var keyLog = folder.Write("keys.log", string.Join('\n', keys) + "\n");
        var lines = await Tshark.SummaryAsync(capture.Path, keyLog, cancellationToken);
        string[] expected = ["Finished", "GET / HTTP/1.0", "HTTP/1.1 200 OK"];
        foreach (var words in expected)
        {
            Assert.Contains(lines, line => line.Contains(words, StringComparison.Ordinal));
        }

        return string.Join(" ", expected.Select(words => $"`{words}`"));
    }

    private static async Task<string> DemoIsDissectedAsync(CancellationToken cancellationToken)
    {
        using var folder = new TempFolder();
        using var capture = new PcapFile(folder["wire.pcap"]);
        var (portOfA, portOfB) = (FreePort.Next(), FreePort.Next());
        await using var relayOfA = new RecordingRelay(capture, _ => portOfA);
        await using var relayOfB = new RecordingRelay(capture, _ => portOfB);
        var output = await KippuCommand.RunAsync(folder, cancellationToken, "demo", "--json", "--ports", $"{portOfA},{portOfB}", "--via", $"{relayOfA.Port},{relayOfB.Port}");
        await relayOfA.DrainAsync(cancellationToken);
        await relayOfB.DrainAsync(cancellationToken);

        using var report = JsonDocument.Parse(string.Join('\n', output));
        // Those of TLS 1.2, which come first: of TLS 1.3 a watcher without keys sees the hellos only.
        var told = report.RootElement.GetProperty("handshakes").EnumerateArray().Where(IsTls12).ToList();
        var seen = (await Tshark.HandshakesAsync(capture.Path, cancellationToken)).Take(told.Count).ToList();
        Assert.Equal(9, told.Count);
        Assert.Equal(told.Count, seen.Count);
        foreach (var (tale, fact) in told.Zip(seen))
        {
            Assert.Equal(Pattern(tale), fact.Pattern);
            Assert.Equal(Messages(tale), fact.Messages);
            Assert.Equal(Ticket(tale), fact.NewSessionTicket is { } ticket ? (ticket.LifetimeHint, ticket.Length) : null);
        }

        return string.Join(", ", seen.Select(handshake => handshake.Pattern));
    }

    private static bool IsTls12(JsonElement handshake) =>
        handshake.GetProperty("pattern").GetString() is "1" or "2" or "2b" or "3" or "4" or "-" or "5" or "5b" or "zero";

    private static string Pattern(JsonElement handshake) => handshake.GetProperty("pattern").GetString() switch
    {
        "-" => "full, no ticket extension",
        var number => number!,
    };

    /// <summary>The messages that the demo tells of, in tshark's words: it has no keys, so what is protected has no name.</summary>
    private static string Messages(JsonElement handshake)
    {
        var words = "";
        var speaker = "";
        foreach (var message in handshake.GetProperty("trace").GetProperty("messages").EnumerateArray())
        {
            var from = message.GetProperty("from").GetString()!;
            var name = message.GetProperty("isProtected").GetBoolean() ? "Encrypted Handshake Message" : Spaced(message.GetProperty("name").GetString()!.Trim('[', ']'));
            words += from == speaker ? $", {name}" : (words.Length == 0 ? "" : " ") + (from == "client" ? "→ " : "← ") + name;
            words += name == "New Session Ticket" && Ticket(handshake) is { Length: 0 } ? " (Session Ticket Length: 0)" : "";
            speaker = from;
        }

        return words;
    }

    private static string Spaced(string name) => string.Concat(name.Select((letter, index) => index > 0 && char.IsUpper(letter) ? $" {letter}" : $"{letter}"));

    private static (uint LifetimeHint, int Length)? Ticket(JsonElement handshake)
    {
        foreach (var message in handshake.GetProperty("trace").GetProperty("messages").EnumerateArray().Where(message => message.GetProperty("name").GetString() == "NewSessionTicket"))
        {
            var fields = message.GetProperty("fields").EnumerateArray().ToDictionary(field => field.GetProperty("name").GetString()!, field => field.GetProperty("value").GetString()!);
            return (FirstNumber(fields["ticket_lifetime_hint"]), (int)FirstNumber(fields["ticket"]));
        }

        return null;
    }

    /// <summary>"43200 s" and "322 bytes: ..." begin with it; "empty: no ticket after all" means none.</summary>
    private static uint FirstNumber(string text) => uint.TryParse(text.Split(' ', ':')[0], CultureInfo.InvariantCulture, out var number) ? number : 0;
}
