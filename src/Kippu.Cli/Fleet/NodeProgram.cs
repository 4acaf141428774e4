using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Kippu.Cli.Fleet;

/// <summary>The program of a node: it needs ASP.NET Core, which this one does without, and lies in a folder beside it.</summary>
internal static class NodeProgram
{
    private static string Assembly => Path.Combine(AppContext.BaseDirectory, "node", "Kippu.Cli.Node.dll");

    /// <summary>By the dotnet that runs this program, or the one that the shell would find.</summary>
    private static string Dotnet
    {
        get
        {
            // .../dotnet/shared/Microsoft.NETCore.App/10.0.x/
            var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
            return File.Exists(beside) ? beside : "dotnet";
        }
    }

    /// <exception cref="CommandFault">It is not there, or there is no .NET to run it.</exception>
    public static Process Start(IEnumerable<string> arguments, string workingDirectory)
    {
        if (!File.Exists(Assembly))
        {
            throw new CommandFault(ExitCodes.NotMeasured, $"the program of the nodes is missing: {Assembly}", "Build the command line again: dotnet build src/Kippu.Cli");
        }

        var start = new ProcessStartInfo(Dotnet, ["exec", Assembly, .. arguments])
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            throw new CommandFault(ExitCodes.NotMeasured, $"a node could not be started: {e.Message}", "The nodes need the .NET 10 runtime with ASP.NET Core; is `dotnet` there?", e);
        }
    }
}
