using System.Globalization;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Peers;
using Kippu.Tests.Architecture;

namespace Kippu.InteropTests.Ours;

/// <summary>Our command line as a process, as its user runs it.</summary>
internal static class KippuCommand
{
    private static readonly string s_program = Path.Combine(
        Repository.Root, "src", "Kippu.Cli", "bin", Configuration(), "net10.0", "Kippu.Cli.dll");

    public static PeerProcess Start(TempFolder folder, params IEnumerable<string> arguments) => PeerProcess.Start("dotnet", [s_program, .. arguments], folder: folder.Path);

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="InvalidOperationException">It ended with another exit code than 0.</exception>
    public static Task<IReadOnlyList<string>> RunAsync(TempFolder folder, CancellationToken cancellationToken, params IEnumerable<string> arguments) =>
        PeerProcess.RunAsync("dotnet", [s_program, .. arguments], cancellationToken, folder.Path);

    /// <summary>Starts <c>kippu serve</c> with the tests' ECDSA certificate and usual suite, which is one of TLS 1.2.</summary>
    public static Task<ServeProcess> ServeAsync(TempFolder folder, CancellationToken cancellationToken, params IEnumerable<string> arguments) =>
        ServeAllAsync(folder, cancellationToken, ["--ciphers", $"{Suites.Usual}", .. arguments]);

    /// <summary>The same with every suite that there is by default.</summary>
    public static async Task<ServeProcess> ServeAllAsync(TempFolder folder, CancellationToken cancellationToken, params IEnumerable<string> arguments)
    {
        var process = Start(folder, ["serve", "--port", "0", "--cert", PeerPki.Ecdsa.CertificatePath, "--key", PeerPki.Ecdsa.KeyPath, .. arguments]);
        var line = await process.WaitForLineAsync("listening on ", cancellationToken);
        return new ServeProcess(process, int.Parse(line[(line.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>A new ring in a file.</summary>
    public static async Task<string> NewRingAsync(TempFolder folder, string name, CancellationToken cancellationToken)
    {
        await RunAsync(folder, cancellationToken, "keys", "new", "--plain", folder[name]);
        return folder[name];
    }

    /// <summary>Debug or Release, as these tests were built.</summary>
    private static string Configuration() => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
}
