namespace Kippu.Cli.Output;

/// <summary>Rows of cells in aligned columns; the last one is as wide as it likes, and goes on below itself where a screen ends.</summary>
internal sealed class Grid(int indent = 0)
{
    private const int Gap = 2;

    private readonly List<(string Text, Tone Tone)[]> _rows = [];
    private readonly HashSet<int> _rightAligned = [];

    public Grid AlignRight(params ReadOnlySpan<int> columns)
    {
        foreach (var column in columns)
        {
            _rightAligned.Add(column);
        }

        return this;
    }

    public Grid Add(params (string Text, Tone Tone)[] cells)
    {
        _rows.Add(cells);
        return this;
    }

    /// <summary>A name and its value.</summary>
    public Grid Add(string name, string value, Tone tone = Tone.Plain) => Add((name, Tone.Quiet), (value, tone));

    public IReadOnlyList<Line> ToLines()
    {
        var columns = _rows.Count == 0 ? 0 : _rows.Max(row => row.Length);
        var widths = Enumerable.Range(0, columns).Select(WidthOf).ToArray();
        return [.. _rows.Select(row => ToLine(row, widths))];
    }

    private int WidthOf(int column) => _rows.Where(row => column < row.Length && row.Length > 1).Select(row => row[column].Text.Length).DefaultIfEmpty(0).Max();

    private Line ToLine((string Text, Tone Tone)[] row, int[] widths)
    {
        var line = new Line().PadTo(indent);
        for (var i = 0; i < row.Length; i++)
        {
            var start = line.Length;
            if (_rightAligned.Contains(i))
            {
                line.PadTo(start + widths[i] - row[i].Text.Length);
            }

            if (i + 1 == row.Length)
            {
                line.HangHere();
            }

            line.Add(row[i].Text, row[i].Tone);
            if (i + 1 < row.Length)
            {
                line.PadTo(start + widths[i] + Gap);
            }
        }

        return line;
    }
}
