using System.Text;

namespace Kippu.Cli.Output;

/// <summary>Standard output. That it cannot be written, because the disk is full, is no bug of this program.</summary>
internal sealed class ResultWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    public override void Flush() => Try(inner.Flush);

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (IOException e)
        {
            throw new CommandFault(ExitCodes.NotMeasured, $"standard output cannot be written: {e.Message.TrimEnd('.')}", "Is the disk full that it goes to?", e);
        }
    }
}
