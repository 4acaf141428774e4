using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Peers;
using Kippu.Tests.Architecture;
using Xunit;

namespace Kippu.InteropTests.Kestrel;

/// <summary>The five lines of the README with the packages, as curl and a browser see them.</summary>
public sealed class KestrelSampleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_five_lines_of_the_README_in_an_empty_web_application_serve_HTTPS_without_a_warning()
    {
        await using var application = await PackedApplication.OfTemplateAsync(ReadmeProgram(), Token);

        await AssertServesAsync(application);

        var document = await Browser.LoadAsync(application.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), application.Folder, Token);
        Assert.Contains(document, line => line.Contains("Hello World!", StringComparison.Ordinal));
        AssertNoWarning(application);
    }

    [Fact]
    public async Task The_sample_serves_HTTPS_without_a_warning()
    {
        await using var application = await PackedApplication.OfSampleAsync(Token);

        await AssertServesAsync(application);
        AssertNoWarning(application);
    }

    /// <summary>The one block of the README that is a whole program.</summary>
    private static string ReadmeProgram()
    {
        var blocks = File.ReadAllText(Path.Combine(Repository.Root, "README.md")).Split("```csharp\n").Skip(1).Select(rest => rest.Split("```")[0]);
        return Assert.Single(blocks, block => block.Contains("WebApplication", StringComparison.Ordinal));
    }

    private static async Task AssertServesAsync(PackedApplication application)
    {
        Assert.StartsWith("https://127.0.0.1:", application.Address, StringComparison.Ordinal);
        foreach (var (version, protocol, status) in (IEnumerable<(string, string, string)>)[("--http1.1", "http/1.1", "HTTP/1.1 200"), ("--http2", "h2", "HTTP/2 200")])
        {
            var answer = await PeerProcess.RunAsync("curl", ["--silent", "--verbose", "--include", "--cacert", PeerPki.Root, version, application.Address], Token);

            Assert.Contains(answer, line => line.StartsWith("* ALPN", StringComparison.Ordinal) && line.EndsWith($"server accepted {protocol}", StringComparison.Ordinal));
            Assert.Contains(answer, line => line.StartsWith(status, StringComparison.Ordinal));
            Assert.Contains("Hello World!", string.Concat(answer), StringComparison.Ordinal);
        }

        await application.SaysAsync("dbug: Kippu.Handshake[1]", Token);
    }

    private static void AssertNoWarning(PackedApplication application) =>
        Assert.DoesNotContain(application.Lines, line => line.StartsWith("warn:", StringComparison.Ordinal) || line.Contains("warning", StringComparison.Ordinal));
}
