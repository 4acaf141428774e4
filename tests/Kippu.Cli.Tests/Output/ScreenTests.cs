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
        var settings = new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.Standard, Out = new Terminal(output, 100) };
        var screen = new Screen(output, TextWriter.Null, settings);

        screen.WriteHeading("[Title]");
        screen.Write(s_line);

        Assert.True(screen.IsTerminal);
        Assert.Contains("\e[", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("[ChangeCipherSpec]", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("[Title]", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminal_breaks_a_line_below_its_beginning_and_a_pipe_nowhere()
    {
        using var wide = new StringWriter();
        using var narrow = new StringWriter();
        var line = new Line("on the wire  ").HangHere().Add("2 round trips, 12 records, 1053 bytes from the server and a little more than a line holds");

        new Screen(wide, TextWriter.Null).Write(line);
        Terminal.ScreenOn(narrow, 60).Write(line);

        Assert.Single(wide.ToString().TrimEnd().Split('\n'));
        Assert.Equal(
            ["on the wire  2 round trips, 12 records, 1053 bytes from the", "             server and a little more than a line holds"],
            Terminal.Text(narrow).TrimEnd().Split('\n').Select(part => part.TrimEnd()));
    }

    [Fact]
    public async Task A_full_disk_is_nobodys_bug()
    {
        await using var full = new FullDisk();
        using var error = new StringWriter();

        var exitCode = await CommandLine.RunAsync(["--help"], new Screen(full, error), TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.NotMeasured, exitCode);
        Assert.StartsWith("kippu: standard output cannot be written: No space left on device", error.ToString(), StringComparison.Ordinal);
        Assert.Throws<CommandFault>(() => new Screen(full, error).Write("a result"));
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

    private sealed class FullDisk : StringWriter
    {
        public override void Write(char value) => throw new IOException("No space left on device");

        public override void Write(string? value) => throw new IOException("No space left on device");

        public override void WriteLine(string? value) => throw new IOException("No space left on device");
    }
}
