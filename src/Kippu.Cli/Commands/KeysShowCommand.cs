using System.CommandLine;
using Kippu.Cli.Output;
using Kippu.Cli.Tls;
using Kippu.Fleet;

namespace Kippu.Cli.Commands;

/// <summary><c>kippu keys show FILE --fingerprint</c>: which ring this is.</summary>
internal static class KeysShowCommand
{
    private const string Description = """
        Shows which ring this is, without a secret: its number and its fingerprint. Two nodes have the same ring if and only if the fingerprints are the same, whether
        and by which operator key it is sealed. The fingerprint covers the keys, so a sealed ring needs its operator key.
        """;

    public static Command Create(Screen screen)
    {
        var options = new RingOptions();
        var only = new Option<bool>("--fingerprint") { Description = "Nothing but the fingerprint, on a line: SHA-256 in 64 hexadecimal digits." };
        var command = new Command("show", Description) { options.File, options.OperatorKeys, options.Plain, only };
        command.SetAction(result => Run(screen, result.GetRequiredValue(options.File), RingFile.Open(result, options), result.GetValue(only)));
        return command;
    }

    private static int Run(Screen screen, string path, FileRingStore store, bool only)
    {
        using var ring = RingFile.Read(path, store);
        var fingerprint = RingFingerprint.Of(ring);
        if (only)
        {
            screen.Write(fingerprint);
            return ExitCodes.Expected;
        }

        screen.Write(new Line($"{path}: {RingText.Summary(ring)}"), new Line($"fingerprint  {fingerprint}"));
        return ExitCodes.Expected;
    }
}
