using Xunit;

namespace Kippu.Tests.Architecture;

internal static class Violations
{
    /// <summary>Fails with every violation on a line of its own: an assertion on the collection would cut them off.</summary>
    public static void None(IEnumerable<string> violations)
    {
        var found = violations.Distinct().Order(StringComparer.Ordinal).ToArray();
        Assert.True(found.Length == 0, string.Join('\n', found.Prepend($"{found.Length} found:")));
    }
}
