namespace Kippu.Cli.Output;

/// <summary>A line of text in pieces, each with its tone. It knows nothing of terminals.</summary>
internal sealed class Line
{
    private const int FurtherIn = 4;
    private const int NarrowestColumn = 20;

    private readonly List<(string Text, Tone Tone)> _pieces = [];
    private int? _hang;

    public Line()
    {
    }

    public Line(string text, Tone tone = Tone.Plain) => Add(text, tone);

    public static Line Empty { get; } = new();

    public IReadOnlyList<(string Text, Tone Tone)> Pieces => _pieces;

    public int Length { get; private set; }

    public Line Add(string text, Tone tone = Tone.Plain)
    {
        if (text.Length > 0)
        {
            _pieces.Add((text, tone));
            Length += text.Length;
        }

        return this;
    }

    /// <summary>Adds spaces up to a column.</summary>
    public Line PadTo(int column) => Length < column ? Add(new string(' ', column - Length)) : this;

    /// <summary>What is added from here on is broken between words, and goes on below its beginning.</summary>
    public Line HangHere()
    {
        _hang = Length;
        return this;
    }

    /// <summary>
    /// The line in so many columns. A word that has no room below the others stands on a line of its own, further left; one that has no room there either is as long
    /// as it is: whoever copies it gets the whole of it.
    /// </summary>
    public IEnumerable<Line> Wrap(int width)
    {
        var text = string.Concat(_pieces.Select(piece => piece.Text)).TrimEnd();
        if (text.Length <= width)
        {
            yield return this;
            yield break;
        }

        var outset = text.Length - text.TrimStart().Length;
        var further = outset + FurtherIn;
        var hang = _hang is { } column && width - column >= NarrowestColumn ? column : further;
        if (_hang is { } last && last > further && last != hang && text.Length - last <= width - further)
        {
            // No column is left to go on in: the end of a row stands below it, and is not torn.
            foreach (var part in Slice(0, text[..last].TrimEnd().Length, 0).Wrap(width))
            {
                yield return part;
            }

            yield return Slice(last, text.Length, further);
            yield break;
        }

        var (start, indent, first) = (0, 0, _hang is { } begin && begin < width ? begin : outset);
        while (start < text.Length)
        {
            var end = EndOf(text, start, width - indent, first, width - hang);
            yield return Slice(start, end, indent);
            start = first = end + SpacesAt(text, end);
            indent = WordLength(text, start) > width - hang ? further : hang;
        }
    }

    public override string ToString() => string.Concat(_pieces.Select(piece => piece.Text)).TrimEnd();

    /// <param name="text">All of it.</param>
    /// <param name="start">Where this line begins.</param>
    /// <param name="room">How long it may be.</param>
    /// <param name="first">The first word before which it may end.</param>
    /// <param name="roomBelow">How long a word may be that stands below others.</param>
    private static int EndOf(string text, int start, int room, int first, int roomBelow)
    {
        if (text.Length - start <= room)
        {
            return text.Length;
        }

        if (first > start && WordLength(text, first) > roomBelow)
        {
            return text[..first].TrimEnd().Length;
        }

        var space = start + room > first ? text.LastIndexOf(' ', start + room, start + room - first) : -1;
        return space >= 0 ? space : first + WordLength(text, first);
    }

    private static int SpacesAt(string text, int start) => text.AsSpan(start).IndexOfAnyExcept(' ') is var count && count >= 0 ? count : text.Length - start;

    private static int WordLength(string text, int start) => text.AsSpan(start).IndexOf(' ') is var length && length >= 0 ? length : text.Length - start;

    private Line Slice(int start, int end, int indent)
    {
        var line = new Line().PadTo(indent);
        var position = 0;
        foreach (var (text, tone) in _pieces)
        {
            var (from, to) = (Math.Max(start - position, 0), Math.Min(end - position, text.Length));
            if (from < to)
            {
                line.Add(text[from..to], tone);
            }

            position += text.Length;
        }

        return line;
    }
}
