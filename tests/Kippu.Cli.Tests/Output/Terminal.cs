using System.Text.RegularExpressions;
using Kippu.Cli.Output;
using Spectre.Console;

namespace Kippu.Cli.Tests.Output;

/// <summary>A terminal of so many columns, as a command sees it.</summary>
internal sealed partial class Terminal(TextWriter writer, int width) : IAnsiConsoleOutput
{
    public TextWriter Writer => writer;

    public bool IsTerminal => true;

    public int Width => width;

    public int Height => 40;

    public static Screen ScreenOn(TextWriter output, int width) => ScreenOn(output, TextWriter.Null, width);

    public static Screen ScreenOn(TextWriter output, TextWriter error, int width) => new(
        output, error, new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.Standard, Out = new Terminal(output, width) });

    /// <summary>What was written, without its colours.</summary>
    public static string Text(StringWriter output) => Escapes().Replace(output.ToString(), "");

    public void SetEncoding(System.Text.Encoding encoding)
    {
    }

    [GeneratedRegex("\\e\\[[0-9;]*m")]
    private static partial Regex Escapes();
}
