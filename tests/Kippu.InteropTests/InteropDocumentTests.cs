using Kippu.InteropTests.Matrix;
using Kippu.Tests.Architecture;
using Xunit;

namespace Kippu.InteropTests;

public sealed class InteropDocumentTests
{
    private static readonly string s_path = Path.Combine(Repository.Root, "docs", "interop.md");

    /// <summary>
    /// Written anew by each run that sees something else than it says, which fails. With other versions of the peers (another distribution) words differ; then the
    /// file stays as it is, and what was observed must have as few empty cells.
    /// </summary>
    [Fact]
    public async Task The_committed_document_says_what_was_observed()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        var observed = await InteropDocument.WriteAsync(limit.Token);
        var committed = File.Exists(s_path) ? await File.ReadAllTextAsync(s_path, limit.Token) : "";
        if (committed.Length > 0 && InteropDocument.VersionsOf(committed) != InteropDocument.VersionsOf(observed))
        {
            Assert.True(InteropDocument.CountEmpty(observed) <= InteropDocument.CountEmpty(committed), $"with other versions of the peers more cells are empty:\n{observed}");
            return;
        }

        if (committed != observed)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(s_path)!);
            await File.WriteAllTextAsync(s_path, observed, limit.Token);
        }

        Assert.True(committed == observed, "docs/interop.md said something else than what was observed; it now says what was: look at its git diff, and commit it if that is right");
    }
}
