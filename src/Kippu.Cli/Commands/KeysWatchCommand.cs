using System.CommandLine;
using Kippu.Cli.Output;
using Kippu.Cli.Tls;
using Kippu.Fleet;

namespace Kippu.Cli.Commands;

/// <summary><c>kippu keys watch FILE</c>: what happens to a ring, line by line, as a node sees it.</summary>
internal sealed class KeysWatchCommand
{
    private const string Description = """
        Watches a ring as a node does, until it is interrupted, and writes a line for each thing that happens: another ring is in force, what is in FILE is not taken and
        why, a key begins to seal, retires, is erased.
        """;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private readonly RingOptions _ring = new();

    public static Command Create(Screen screen)
    {
        var options = new KeysWatchCommand();
        var command = new Command("watch", Description) { options._ring.File, options._ring.OperatorKeys, options._ring.Plain };
        command.SetAction((result, cancellationToken) => options.RunAsync(screen, result, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(Screen screen, ParseResult result, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        using var source = RingFile.Watch(result.GetRequiredValue(_ring.File), _ring.Read(result), time, screen);
        source.StatusChanged += (_, status) => Write(screen, time, RingText.Status(status, source.Current));
        Write(screen, time, RingText.Status(source.Status, source.Current));
        var states = new KeyStates();
        using var pause = new PeriodicTimer(s_pause, time);
        try
        {
            do
            {
                foreach (var line in states.Changes(source.Current, time.GetUtcNow()))
                {
                    Write(screen, time, line);
                }
            }
            while (await pause.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // Interrupted, which is how it ends.
        }

        return ExitCodes.Expected;
    }

    private static void Write(Screen screen, TimeProvider time, Line line)
    {
        var stamped = new Line($"{Quantities.Time(time.GetUtcNow())}  ", Tone.Quiet);
        foreach (var (text, tone) in line.Pieces)
        {
            stamped.Add(text, tone);
        }

        screen.Write(stamped);
    }
}
