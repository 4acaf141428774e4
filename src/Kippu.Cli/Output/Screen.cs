using System.Diagnostics.CodeAnalysis;
using Spectre.Console;

namespace Kippu.Cli.Output;

/// <summary>Where a command writes: results to standard output, everything else to standard error. Coloured on a terminal, plain text anywhere else.</summary>
/// <remarks>Thread-safe: whole blocks are written at once.</remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "The writers are the caller's.")]
internal sealed class Screen
{
    private const int ProseOfAPipe = 90;
    private const int WidestTerminal = 110;

    private readonly Lock _lock = new();
    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly IAnsiConsole _console;

    public Screen(TextWriter output, TextWriter error)
        : this(output, error, new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) })
    {
    }

    /// <summary>With what a test says of the terminal.</summary>
    internal Screen(TextWriter output, TextWriter error, AnsiConsoleSettings settings)
    {
        _output = new ResultWriter(output);
        _error = error;
        _console = AnsiConsole.Create(settings);
        IsTerminal = _console.Profile.Out.IsTerminal;
        Width = IsTerminal ? Math.Min(_console.Profile.Width, WidestTerminal) : ProseOfAPipe;

        // Lines are broken here, where it is known how they hang together, and those of a pipe nowhere: one row is one line.
        _console.Profile.Width = short.MaxValue;
        _console.Profile.Capabilities.Ansi &= IsTerminal;
    }

    public bool IsTerminal { get; }

    /// <summary>Columns for figures and prose.</summary>
    public int Width { get; }

    /// <summary>Standard output as it is, for JSON.</summary>
    public TextWriter Output => _output;

    public void Write(params IEnumerable<Line> lines)
    {
        lock (_lock)
        {
            foreach (var line in lines)
            {
                WriteLine(line);
            }

            _output.Flush();
        }
    }

    public void Write(string text, Tone tone = Tone.Plain) => Write(new Line(text, tone));

    /// <summary>A name in its tone, and what is said of it, which goes on below its beginning.</summary>
    public void Write(string name, Tone tone, string text) => Write(new Line(name, tone).HangHere().Add(text));

    /// <summary>Prose, broken between words: in a pipe too, for nobody takes it apart.</summary>
    public void WriteProse(string text) => Write(new Line().HangHere().Add(text).Wrap(Width));

    public void WriteBlank() => Write(Line.Empty);

    public void WriteHeading(string text)
    {
        if (!IsTerminal)
        {
            Write(new Line("== " + text), Line.Empty);
            return;
        }

        const string Before = "── ";
        var rule = new string('─', Math.Max(0, Width - Before.Length - text.Length - 1));
        Write(new Line(Before, Tone.Quiet).Add(text, Tone.Heading).Add(" " + rule, Tone.Quiet), Line.Empty);
    }

    /// <summary>Standard error: what went wrong, and what to do next.</summary>
    public void Complain(string problem, string advice)
    {
        lock (_lock)
        {
            _error.WriteLine($"kippu: {problem}");
            if (advice.Length > 0)
            {
                _error.WriteLine($"       {advice}");
            }

            _error.Flush();
        }
    }

    /// <summary>Standard error: what is good to know and no result.</summary>
    public void Note(string text)
    {
        lock (_lock)
        {
            _error.WriteLine(text);
            _error.Flush();
        }
    }

    /// <summary>A picture that is drawn again and again in the same place, until something is over; for a terminal. Nothing stays of it.</summary>
    /// <param name="frame">The picture as it is now.</param>
    /// <param name="pause">Between two pictures.</param>
    /// <param name="until">What is waited for; whatever becomes of it.</param>
    public Task ShowAsync(Func<IReadOnlyList<Line>> frame, TimeSpan pause, Task until) => _console.Live(Text.Empty).AutoClear(true).StartAsync(async live =>
    {
        do
        {
            live.UpdateTarget(new Rows(frame().SelectMany(line => line.Length == 0 ? [new Paragraph(" ")] : line.Wrap(Width).Select(ParagraphOf))));
            await Task.WhenAny(until, Task.Delay(pause)).ConfigureAwait(false);
        }
        while (!until.IsCompleted);
    });

    private static Paragraph ParagraphOf(Line line)
    {
        var paragraph = new Paragraph();
        foreach (var (text, tone) in line.Pieces)
        {
            paragraph.Append(text, Styles.Of(tone));
        }

        return paragraph;
    }

    private void WriteLine(Line line)
    {
        if (!IsTerminal)
        {
            _output.WriteLine(line.ToString());
            return;
        }

        foreach (var part in line.Wrap(Width))
        {
            _console.Write(ParagraphOf(part));
            _console.WriteLine();
        }
    }
}
