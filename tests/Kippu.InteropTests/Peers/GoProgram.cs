using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Matrix;
using Kippu.Tests.Architecture;

namespace Kippu.InteropTests.Peers;

/// <summary>The Go program beside this file, built once a run: the standard library only, nothing is downloaded.</summary>
internal static class GoProgram
{
    private static readonly Lazy<Task<string>> s_path = new(BuildAsync);

    public static Task<string> PathAsync() => s_path.Value;

    /// <summary>A line of Go's own documentation, which comes with its sources.</summary>
    public static async Task<string> DocumentationAsync(string name, string part, CancellationToken cancellationToken) =>
        await Evidence.HelpLinesAsync("go", ["doc", $"crypto/tls.{name}"], part, cancellationToken);

    private static async Task<string> BuildAsync()
    {
        var folder = new TempFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        var environment = new Dictionary<string, string>
        {
            ["GOFLAGS"] = "-mod=mod",
            ["GOPROXY"] = "off",
            ["GOTOOLCHAIN"] = "local",
            ["CGO_ENABLED"] = "0",
            ["GOCACHE"] = folder["cache"],
            ["GOPATH"] = folder["path"],
        };
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await using var build = PeerProcess.Start("go", ["build", "-o", folder["gopeer"], "."], environment, Path.Combine(Repository.Root, "tests", "Kippu.InteropTests", "go"));
        build.CloseInput();
        return await build.WaitForExitAsync(limit.Token) == 0 ? folder["gopeer"] : throw build.Failure("could not build the Go program");
    }
}
