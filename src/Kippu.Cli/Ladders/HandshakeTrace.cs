using System.Globalization;
using Kippu.Cli.Output;
using Kippu.Cli.Wire;

namespace Kippu.Cli.Ladders;

/// <summary>One handshake, seen twice: as an engine told it, and as it stood on the wire.</summary>
internal sealed class HandshakeTrace
{
    private readonly WireLog _wire;

    /// <param name="messages">What the observer was shown.</param>
    /// <param name="wire">What passed.</param>
    public HandshakeTrace(IReadOnlyList<TraceMessage> messages, WireLog wire)
    {
        Messages = messages;
        _wire = wire;
        Items = wire.Items;
        Pattern = PatternInference.Infer(Items);
    }

    public IReadOnlyList<TraceMessage> Messages { get; }

    public IReadOnlyList<WireItem> Items { get; }

    /// <summary>Inferred from <see cref="Items"/>: the engine is not asked.</summary>
    public InferredPattern Pattern { get; }

    public int RoundTrips => _wire.RoundTrips;

    public long BytesFromClient => _wire.BytesFromClient;

    public long BytesFromServer => _wire.BytesFromServer;

    public IReadOnlyList<WireRecord> Records => _wire.Records;

    /// <summary>The ticket of the NewSessionTicket; empty if none was sent.</summary>
    public ReadOnlyMemory<byte> NewTicket =>
        Items.Where(item => item is { Kind: WireKind.Handshake, Type: HandshakeType.NewSessionTicket }).Select(item => WireTicket.Parse(item.Bytes)?.Ticket ?? default).FirstOrDefault();

    /// <summary>The ticket of the ClientHello; empty if none was offered.</summary>
    public ReadOnlyMemory<byte> OfferedTicket =>
        Items.Where(item => item is { Kind: WireKind.Handshake, Type: HandshakeType.ClientHello }).Select(item => WireHello.ParseClient(item.Bytes)?.SessionTicket ?? default).FirstOrDefault();

    /// <summary>The ladder, with its pattern and what it cost below it.</summary>
    public IEnumerable<Line> LadderLines(int width, string client = "Client", string server = "Server")
    {
        var isComplete = Pattern.Pattern != HandshakePattern.Incomplete;
        return
        [
            .. Ladder.Draw(Messages, width, client, server, isComplete),
            Line.Empty,
            new Line("  pattern      ", Tone.Quiet).Add(Pattern.ToString(), isComplete && Pattern.Pattern != HandshakePattern.Irregular ? Tone.Good : Tone.Bad),
            new Line("  on the wire  ", Tone.Quiet).Add(Cost()),
        ];
    }

    /// <summary>SessionTicket extensions and NewSessionTicket, field by field.</summary>
    public IEnumerable<Line> FieldLines(int width)
    {
        foreach (var group in TicketFields.Of(Items))
        {
            var grid = new Grid(width, indent: 4);
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
    public IEnumerable<Line> RecordLines(int width)
    {
        var grid = new Grid(width, indent: 2).AlignRight(0, 3);
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

    private string Cost() =>
        $"{Quantities.Count(RoundTrips, "round trip", "round trips")}, {Quantities.Count(Records.Count, "record", "records")}, "
        + $"{BytesFromClient} bytes from the client, {BytesFromServer} from the server";
}
