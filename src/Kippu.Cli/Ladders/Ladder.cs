using System.Globalization;
using Kippu.Cli.Output;
using Kippu.Cli.Wire;

namespace Kippu.Cli.Ladders;

/// <summary>
/// Draws a handshake as RFC 5077 draws its figures: the client's messages on the left, the server's on the right, an arrow where the word passes on,
/// [ChangeCipherSpec] in brackets, and what the SessionTicket extensions hold in parentheses. TLS 1.3 as in RFC 8446: {} around what handshake keys protect, [] application
/// keys, () early keys; a plus before extensions. Before the figure stand time and size.
/// </summary>
internal sealed class Ladder
{
    private const int GutterWidth = 17;
    private const int NarrowestFigure = 55;
    private const int WidestFigure = 72;
    private const string ToServer = "-------->";
    private const string ToClient = "<--------";
    private const string BothWays = "<------->";
    private const string ApplicationData = "Application Data";

    private readonly int _figureWidth;
    private int _arrowColumn;

    private Ladder(int width) => _figureWidth = Math.Clamp(width - GutterWidth, NarrowestFigure, WidestFigure);

    /// <summary>The lines of the figure.</summary>
    /// <param name="messages">In the order of the wire.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="client">Heads the left side.</param>
    /// <param name="server">Heads the right side.</param>
    /// <param name="isComplete">Application data may follow.</param>
    public static IReadOnlyList<Line> Draw(
        IReadOnlyList<TraceMessage> messages, int width, string client = "Client", string server = "Server", bool isComplete = true) =>
        new Ladder(width).Draw(messages, client, server, isComplete);

    private List<Line> Draw(IReadOnlyList<TraceMessage> messages, string client, string server, bool isComplete)
    {
        var hello = messages.FirstOrDefault(message => message.Kind == TraceKind.Handshake && message.Type == HandshakeType.ClientHello);
        var steps = messages.Select(message => (Message: message, Texts: TextsOf(message, hello))).ToArray();
        _arrowColumn = ArrowColumn(steps.Where(step => step.Message.FromClient).SelectMany(step => step.Texts).Select(text => text.Text.Length));

        var lines = new List<Line>
        {
            Figure(new Line("     ms   bytes", Tone.Quiet), client, Tone.Heading, "", server, Tone.Heading),
            Line.Empty,
        };
        for (var i = 0; i < steps.Length; i++)
        {
            var isLastOfFlight = i + 1 == steps.Length || messages[i + 1].FromClient != messages[i].FromClient;
            AddMessage(lines, steps[i].Message, steps[i].Texts, isLastOfFlight);
        }

        if (isComplete)
        {
            var data = messages.Any(message => message.IsTls13) ? $"[{ApplicationData}]" : ApplicationData;
            lines.Add(Figure(new Line(), data, Tone.Quiet, BothWays, data, Tone.Quiet));
        }

        return lines;
    }

    /// <summary>In the middle, or further right if the client's longest line reaches there: one column for all arrows, as in the RFC.</summary>
    private int ArrowColumn(IEnumerable<int> lengthsOnTheLeft) =>
        Math.Max((_figureWidth - ToServer.Length) / 2, lengthsOnTheLeft.Append(ApplicationData.Length + 2).Max() + 1);

    private static (string Text, Tone Tone)[] TextsOf(TraceMessage message, TraceMessage? clientHello)
    {
        var isFatal = message.Kind == TraceKind.Alert && message.IsFatal;
        var tone = isFatal ? Tone.Bad : message.FromClient ? Tone.Client : Tone.Server;
        return [(message.Name, tone), .. Annotation.Of(message, clientHello).Select(text => (text, Tone.Remark))];
    }

    private void AddMessage(List<Line> lines, TraceMessage message, (string Text, Tone Tone)[] texts, bool isLastOfFlight)
    {
        for (var i = 0; i < texts.Length; i++)
        {
            var gutter = i == 0 ? Gutter(message) : new Line();
            var isLast = isLastOfFlight && i == texts.Length - 1;
            lines.Add(message.FromClient
                ? Figure(gutter, texts[i].Text, texts[i].Tone, isLast ? ToServer : "", "", Tone.Plain)
                : Figure(gutter, "", Tone.Plain, isLast ? ToClient : "", texts[i].Text, texts[i].Tone));
        }
    }

    private static Line Gutter(TraceMessage message) => new(
        string.Create(CultureInfo.InvariantCulture, $"{message.Time.TotalMilliseconds,7:0.00} {message.Length,7}"), Tone.Quiet);

    private Line Figure(Line line, string left, Tone leftTone, string arrow, string right, Tone rightTone)
    {
        line.PadTo(GutterWidth).Add(left, leftTone);
        if (arrow.Length > 0)
        {
            var column = right.Length == 0 ? _arrowColumn : Math.Min(_arrowColumn, _figureWidth - right.Length - arrow.Length - 1);
            line.PadTo(GutterWidth + column).Add(arrow, Tone.Quiet);
        }

        return right.Length == 0 ? line : line.PadTo(GutterWidth + _figureWidth - right.Length).Add(right, rightTone);
    }
}
