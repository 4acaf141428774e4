using System.CommandLine;
using Kippu.Cli.Commands;
using Kippu.Cli.Output;
using Kippu.Fleet;

namespace Kippu.Cli.Tls;

/// <summary>Rings in files, with what goes wrong said as commands say it.</summary>
internal static class RingFile
{
    private const int MostTries = 10;

    /// <summary>The ring of a server: read now, and followed from then on. What happens to it is noted.</summary>
    /// <exception cref="CommandFault">It is not there, cannot be read, or is no ring.</exception>
    public static FileRing Watch(string path, FileRingOptions options, TimeProvider time, Screen screen)
    {
        var source = Guard(path, () => new FileRing(path, options, timeProvider: time));
        WarnIfOpenToOthers(path, options.OperatorKeyFiles.Count == 0 ? null : "", screen);
        if (source.Current.HasRunOut(time.GetUtcNow()))
        {
            screen.Complain($"the ring in {path} has run out: no tickets will be issued", $"Rotate it: kippu keys rotate {path}");
        }

        return source;
    }

    public static FileRingStore Open(ParseResult result, RingOptions options) => new(result.GetRequiredValue(options.File), options.Read(result));

    /// <exception cref="CommandFault">It is not there, cannot be read, or is no ring.</exception>
    public static TicketKeyRing Read(string path, FileRingStore store) => Guard(path, store.Read);

    /// <summary>Opens it if an operator key was given, or if none is needed; else only looks at it.</summary>
    /// <exception cref="CommandFault">It is not there, cannot be read, or is no ring.</exception>
    public static RingLook Look(ParseResult result, RingOptions options)
    {
        var path = result.GetRequiredValue(options.File);
        var store = Open(result, options);
        return Guard(path, () =>
        {
            var unverified = store.ReadUnverified(out var operatorKeyId);
            if (operatorKeyId is not null && result.GetRequiredValue(options.OperatorKeys).Length == 0)
            {
                return new RingLook(unverified, operatorKeyId, IsVerified: false);
            }

            unverified.Dispose();
            return new RingLook(store.Read(), operatorKeyId, IsVerified: true);
        });
    }

    /// <summary>Puts what <paramref name="next"/> makes of the ring in its place; again, if another was first.</summary>
    /// <exception cref="CommandFault">It cannot be read or written.</exception>
    public static Task<RingChange> ReplaceAsync(string path, FileRingStore store, bool dryRun, Func<TicketKeyRing, TicketKeyRing> next, CancellationToken cancellationToken) =>
        ChangeAsync(path, async () =>
        {
            for (var i = 0; i < MostTries; i++)
            {
                var before = store.Read();
                var after = next(before);
                if (dryRun || ReferenceEquals(before, after) || await store.TryReplaceAsync(before, after, cancellationToken).ConfigureAwait(false))
                {
                    return new RingChange(before, after);
                }

                before.Dispose();
                after.Dispose();
            }

            throw new CommandFault(ExitCodes.NotMeasured, $"{path} is being changed by others again and again", "Try again.");
        });

    /// <summary>Runs something that writes, and says what goes wrong.</summary>
    /// <exception cref="CommandFault">It cannot be read or written.</exception>
    public static async Task<T> ChangeAsync<T>(string path, Func<Task<T>> change)
    {
        try
        {
            return await change().ConfigureAwait(false);
        }
        catch (RingUnavailableException e)
        {
            throw FaultOf(path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw PrivateFile.CannotWrite(path, e);
        }
    }

    /// <summary>A ring that is sealed may be read by anyone.</summary>
    public static void WarnIfOpenToOthers(string path, string? operatorKeyId, Screen screen)
    {
        if (operatorKeyId is null && File.Exists(path) && PrivateFile.IsOpenToOthers(path))
        {
            screen.Complain($"{path} can be read by others than its owner", $"Whoever reads it can open every ticket: chmod 600 {path}");
        }
    }

    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (RingUnavailableException e)
        {
            throw FaultOf(path, e);
        }
    }

    private static CommandFault FaultOf(string path, RingUnavailableException e) => e.Problem switch
    {
        RingProblem.Missing => CommandFault.Usage(e.Message, $"Make one: kippu keys new {path}", e),
        RingProblem.Unreadable => CommandFault.Usage(e.Message, "Name a file that you may read.", e),
        RingProblem.NotSealed => CommandFault.Usage($"{path}: {e.Message}", "If you know that it is right, add --plain.", e),
        RingProblem.UnknownOperatorKey => CommandFault.Usage($"{path}: {e.Message}", "Give the file of the operator key that sealed it: --operator-key FILE", e),
        RingProblem.Altered => new CommandFault(ExitCodes.Finding, $"{path}: {e.Message}", "Do not use it. Put a copy that is right in its place, or revoke everything by a new ring.", e),
        _ => CommandFault.Usage($"{path} is no ring: {e.Message}", $"Make one: kippu keys new {path} (add --force to put it in the place of this file)", e),
    };
}
