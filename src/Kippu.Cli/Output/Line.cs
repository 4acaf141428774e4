namespace Kippu.Cli.Output;

/// <summary>A line of text in pieces, each with its tone. It knows nothing of terminals.</summary>
internal sealed class Line
{
    private readonly List<(string Text, Tone Tone)> _pieces = [];

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

    public override string ToString() => string.Concat(_pieces.Select(piece => piece.Text)).TrimEnd();
}
