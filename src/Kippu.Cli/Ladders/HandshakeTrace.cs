using System.Globalization;
using Kippu.Cli.Output;
using Kippu.Cli.Tls;
using Kippu.Cli.Wire;

namespace Kippu.Cli.Ladders;

/// <summary>One handshake, seen twice: as an engine told it, and as it stood on the wire.</summary>
internal sealed class HandshakeTrace
{
    /// <summary>Header, type and tag of a record of TLS 1.3 without padding.</summary>
    private const int RecordOverhead = 5 + 1 + 16;

    private readonly WireLog _wire;

    /// <param name="messages">What the observer was shown.</param>
    /// <param name="wire">What passed.</param>
    public HandshakeTrace(IReadOnlyList<TraceMessage> messages, WireLog wire)
    {
        _wire = wire;
        Items = wire.Items;
        Hidden = new HiddenFacts(messages);
        WirePattern = PatternInference.Infer(Items);
        Pattern = PatternInference13.Decide(WirePattern, Hidden.EarlyDataAccepted, Hidden.IsFinishedByClient);
        Messages = TraceNotation.Of(WithFirstFlight(messages));
    }

    public IReadOnlyList<TraceMessage> Messages { get; }

    public IReadOnlyList<WireItem> Items { get; }

    /// <summary>Inferred from <see cref="Items"/>: the engine is not asked.</summary>
    public InferredPattern WirePattern { get; }

    /// <summary>The same, and of a handshake of TLS 1.3 also whether early data was accepted, which only the decrypted trace tells.</summary>
    public InferredPattern Pattern { get; }

    /// <summary>What the decrypted trace tells and the wire hides.</summary>
    public HiddenFacts Hidden { get; }

    public bool IsTls13 => _wire.IsTls13;

    public int RoundTrips => _wire.RoundTrips;

    public long BytesFromClient => _wire.BytesFromClient;

    public long BytesFromServer => _wire.BytesFromServer;

    public IReadOnlyList<WireRecord> Records => _wire.Records;

    /// <summary>All that the client sent before the server said anything.</summary>
    public byte[] FirstFlight => _wire.FirstFlight;

    /// <summary>The tickets that the server sent; a ticket of zero bytes is none.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> NewTickets => IsTls13
        ? [.. Hidden.Tickets.Select(ticket => ticket.Ticket)]
        : [.. Items.Where(item => item is { Kind: WireKind.Handshake, Type: HandshakeType.NewSessionTicket })
            .Select(item => WireTicket.Parse(item.Bytes)?.Ticket ?? default).Where(ticket => !ticket.IsEmpty)];

    /// <summary>The first of them; empty if there is none.</summary>
    public ReadOnlyMemory<byte> NewTicket => NewTickets is [var first, ..] ? first : default;

    /// <summary>The tickets that the last ClientHello offered.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> OfferedTickets =>
        Items.Where(item => item is { Kind: WireKind.Handshake, Type: HandshakeType.ClientHello }).Select(item => WireHello.ParseClient(item.Bytes)).LastOrDefault() is { } hello
            ? [.. new[] { hello.SessionTicket ?? default }.Where(ticket => !ticket.IsEmpty), .. hello.PreSharedKeys.Select(psk => psk.Identity)]
            : [];

    /// <summary>What became of early data.</summary>
    public EarlyDataOutcome EarlyData => (Hidden.EarlyDataOffered, Hidden.EarlyDataAccepted) switch
    {
        (false, _) => EarlyDataOutcome.NotOffered,
        (_, true) => EarlyDataOutcome.Accepted,
        _ => EarlyDataOutcome.Refused,
    };

    /// <summary>All that belongs to sessions, field by field.</summary>
    public IReadOnlyList<FieldGroup> Fields => IsTls13 ? TicketFields13.Of(Messages) : TicketFields.Of(Items);

    /// <summary>The ladder, with its pattern, what that rests on, and what it cost below it.</summary>
    public IEnumerable<Line> LadderLines(int width, string client = "Client", string server = "Server")
    {
        var isComplete = IsTls13 ? Hidden.IsFinishedByClient == true : Pattern.Pattern != HandshakePattern.Incomplete;
        var isInOrder = Pattern.Pattern is not (HandshakePattern.Incomplete or HandshakePattern.Irregular);
        List<Line> lines =
        [
            .. Ladder.Draw(Messages, width, client, server, isComplete),
            Line.Empty,
            new Line("  pattern      ", Tone.Quiet).HangHere().Add(Pattern.ToString(), isInOrder ? Tone.Good : Tone.Bad),
        ];
        if (Pattern.Evidence.Length > 0)
        {
            lines.Add(new Line("  in the clear ", Tone.Quiet).HangHere().Add(Pattern.Evidence));
            lines.Add(new Line("  decrypted    ", Tone.Quiet).HangHere().Add(Hidden.ToString()));
        }

        return [.. lines, new Line("  on the wire  ", Tone.Quiet).HangHere().Add(Cost())];
    }

    /// <summary>The fields for people.</summary>
    public IEnumerable<Line> FieldLines()
    {
        foreach (var group in Fields)
        {
            var grid = new Grid(indent: 4);
            foreach (var field in group.Fields)
            {
                grid.Add(field.Name, field.Value);
            }

            yield return new Line("  " + group.Title, Tone.Heading);
            foreach (var line in grid.ToLines())
            {
                yield return line;
            }

            yield return Line.Empty;
        }
    }

    /// <summary>The records, and what can be seen in them without keys.</summary>
    public IEnumerable<Line> RecordLines()
    {
        var grid = new Grid(indent: 2).AlignRight(0, 3);
        grid.Add(("ms", Tone.Quiet), ("", Tone.Quiet), ("record", Tone.Quiet), ("bytes", Tone.Quiet), ("holds", Tone.Quiet));
        var records = Records;
        for (var i = 0; i < records.Count; i++)
        {
            var index = i;
            var (record, tone) = (records[i], records[i].FromClient ? Tone.Client : Tone.Server);
            grid.Add(
                (Quantities.Milliseconds(record.Time), Tone.Quiet),
                (record.FromClient ? "-->" : "<--", Tone.Quiet),
                (ContentTypeName(record.ContentType), tone),
                (record.Length.ToString(CultureInfo.InvariantCulture), Tone.Quiet),
                (string.Join(", ", Items.Where(item => item.Record == index).Select(item => item.Name)), tone));
        }

        return grid.ToLines();
    }

    public static string ContentTypeName(byte contentType) => contentType switch
    {
        20 => "change_cipher_spec",
        21 => "alert",
        22 => "handshake",
        23 => "application_data",
        _ => contentType.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>
    /// A server that has a hello answers it before it looks at what else came with it, and of early data that is refused no engine tells. In the figure the client's first
    /// flight stands as it stood on the wire.
    /// </summary>
    private IReadOnlyList<TraceMessage> WithFirstFlight(IReadOnlyList<TraceMessage> messages)
    {
        var flight = Items.TakeWhile(item => item.FromClient).ToArray();
        if (messages.Count == 0 || !flight.Any(item => item.Kind == WireKind.EarlyData))
        {
            return messages;
        }

        var hello = messages.TakeWhile(message => message is { FromClient: true, Kind: TraceKind.Handshake }).ToArray();
        var moved = flight.Where(item => item.Kind is WireKind.ChangeCipherSpec or WireKind.EarlyData).DistinctBy(item => item.Kind).Select(item => StepOf(item, messages)).ToArray();
        return [.. hello, .. moved, .. messages.Skip(hello.Length).Where(message => !moved.Any(step => step.Kind == message.Kind && step.FromClient == message.FromClient))];
    }

    private TraceMessage StepOf(WireItem item, IReadOnlyList<TraceMessage> messages)
    {
        var kind = item.Kind == WireKind.EarlyData ? TraceKind.EarlyData : TraceKind.ChangeCipherSpec;
        var told = messages.Where(message => message.FromClient && message.Kind == kind).ToArray();
        var step = told.FirstOrDefault() ?? new TraceMessage { FromClient = true, Kind = kind, IsProtected = kind == TraceKind.EarlyData };
        var length = kind == TraceKind.ChangeCipherSpec ? 1
            : told.Length > 0 ? told.Sum(message => message.Length)
            : Items.Where(other => other.Kind == WireKind.EarlyData).Sum(other => Math.Max(0, other.RecordLength - RecordOverhead));
        return step with { Length = length, Time = Records[item.Record].Time };
    }

    private string Cost() =>
        $"{Quantities.Count(RoundTrips, "round trip", "round trips")}, {Quantities.Count(Records.Count, "record", "records")}, "
        + $"{BytesFromClient} bytes from the client, {BytesFromServer} from the server";
}
