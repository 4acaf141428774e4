using Kippu.InteropTests.Machinery;
using Kippu.Tests.Architecture;

namespace Kippu.InteropTests.Peers;

/// <summary>The Go program beside this file, built once a run: the standard library only, nothing is downloaded.</summary>
internal static class GoProgram
{
    private const string OnSessionIds = "Up to TLS 1.2, only ticket-based resumption is supported, not SessionID-based resumption.";

    private static readonly Lazy<Task<string>> s_path = new(BuildAsync);

    public static Task<string> PathAsync() => s_path.Value;

    /// <summary>A boolean as Go's flag package wants it.</summary>
    public static string Flag(bool value) => value ? "true" : "false";

    /// <summary>What Go's own documentation says about session IDs; it comes with Go's sources.</summary>
    /// <exception cref="InvalidOperationException">It does not say so any more.</exception>
    public static async Task<string> OnSessionIdsAsync(CancellationToken cancellationToken)
    {
        var lines = await PeerProcess.RunAsync("go", ["doc", "crypto/tls.ClientSessionCache"], cancellationToken);
        var text = string.Join(' ', string.Join(' ', lines).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return text.Contains(OnSessionIds, StringComparison.Ordinal)
            ? $"`go doc crypto/tls.ClientSessionCache`: `{OnSessionIds}`"
            : throw new InvalidOperationException($"Go's documentation does not say '{OnSessionIds}' any more");
    }

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
        await using var build = PeerProcess.Start("go", ["build", "-buildvcs=false", "-o", folder["gopeer"], "."], environment, Path.Combine(Repository.Root, "tests", "Kippu.InteropTests", "go"));
        build.CloseInput();
        return await build.WaitForExitAsync(limit.Token) == 0 ? folder["gopeer"] : throw build.Failure("could not build the Go program");
    }
}
