using Kippu.Cli.Output;
using Spectre.Console;

namespace Kippu.Cli.Tests.Output;

public sealed class ScreenTests
{
    private static readonly Line s_line = new Line("ClientHello", Tone.Client).Add("  ").Add("[ChangeCipherSpec]", Tone.Server).PadTo(40).Add("end", Tone.Bad);

    [Fact]
    public void A_pipe_gets_plain_text_as_wide_as_it_is()
    {
        using var output = new StringWriter();
        var screen = new Screen(output, TextWriter.Null);

        screen.WriteHeading("Title");
        screen.Write(s_line, new Line(new string('x', 300)));

        Assert.False(screen.IsTerminal);
        Assert.Equal(["== Title", "", "ClientHello  [ChangeCipherSpec]         end", new string('x', 300)], output.ToString().TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_terminal_gets_colours_and_brackets_are_no_markup()
    {
        using var output = new StringWriter();
        var settings = new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.Standard, Out = new Terminal(output) };
        var screen = new Screen(output, TextWriter.Null, settings);

        screen.WriteHeading("[Title]");
        screen.Write(s_line);

        Assert.True(screen.IsTerminal);
        Assert.Contains("\e[", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("[ChangeCipherSpec]", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("[Title]", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Complaints_go_to_standard_error_with_what_to_do_next()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        new Screen(output, error).Complain("it is broken", "Mend it.");

        Assert.Empty(output.ToString());
        Assert.Equal("kippu: it is broken\n       Mend it.\n", error.ToString().ReplaceLineEndings("\n"));
    }

    private sealed class Terminal(TextWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => 100;

        public int Height => 40;

        public void SetEncoding(System.Text.Encoding encoding)
        {
        }
    }
}
