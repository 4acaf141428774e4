using System.CommandLine;
using Kippu.Cli.Output;

namespace Kippu.Cli.Commands;

/// <summary><c>kippu keys</c>: what has to do with rings of ticket keys.</summary>
internal static class KeysCommand
{
    public static Command Create(Screen screen) => new("keys", "Rings of ticket keys: what the nodes of a fleet share.")
    {
        KeysNewCommand.Create(screen),
        KeysListCommand.Create(screen),
        KeysRotateCommand.Create(screen),
        KeysRevokeCommand.Create(screen),
        KeysShowCommand.Create(screen),
        KeysWatchCommand.Create(screen),
    };
}
