using System.CommandLine;
using Kippu.Fleet;

namespace Kippu.Cli.Commands;

/// <summary>The options by which a command is told of a ring in a file: where it is, and how it is sealed.</summary>
internal sealed class RingOptions
{
    public Argument<string> File { get; } = new("FILE") { Description = "A ring (kippu keys new), or a directory with one *.ring in it." };

    public Option<string[]> OperatorKeys { get; } = OperatorKeysOption();

    public Option<bool> Plain { get; } = new("--plain") { Description = "Takes a ring that is not sealed, also where --operator-key is given: it is sealed then as soon as it is written." };

    /// <summary>Files, so that no secret stands on a command line.</summary>
    public static Option<string[]> OperatorKeysOption() => new("--operator-key")
    {
        Description = "A file with the 32-byte key that seals the ring (or base64 of it). Several may be given: each opens, the first seals.",
        HelpName = "FILE",
        DefaultValueFactory = _ => [],
    };

    public static FileRingOptions Read(string[] operatorKeyFiles, bool acceptPlain)
    {
        var options = new FileRingOptions { AcceptPlain = acceptPlain };
        foreach (var file in operatorKeyFiles)
        {
            options.OperatorKeyFiles.Add(file);
        }

        return options;
    }

    public FileRingOptions Read(ParseResult result) => Read(result.GetRequiredValue(OperatorKeys), result.GetValue(Plain));
}
