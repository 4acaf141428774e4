using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Architecture;

public sealed class SourceShapeTests
{
    private const int MostLinesOfAFile = 500;
    private const int MostLinesOfAType = 500;
    private const int MostLinesOfATestFile = 600;
    private const int MostLinesOfAFunction = 100;

    [Fact]
    public void No_source_file_is_long() => Violations.None(LongerThan(MostLinesOfAFile, Repository.SourceFiles("src")));

    [Fact]
    public void No_type_is_long_over_all_its_files() => Violations.None(
        from type in Repository.SourceFiles("src").GroupBy(file => Path.Combine(Path.GetDirectoryName(file)!, Path.GetFileName(file).Split('.')[0]))
        let lines = type.Sum(file => File.ReadLines(file).Count())
        where lines > MostLinesOfAType
        select $"{Repository.Relative(type.Key)}: {lines} lines in {type.Count()} files");

    [Fact]
    public void No_test_file_is_long() => Violations.None(LongerThan(MostLinesOfATestFile, Repository.SourceFiles("tests")));

    [Fact]
    public void No_function_is_long() =>
        Violations.None(FunctionLengths.LongerThan(MostLinesOfAFunction, typeof(TlsReader).Module));

    [Fact]
    public void The_lengths_of_functions_are_really_read() => Assert.Contains(FunctionLengths.Of(typeof(TlsReader).Module), function => function.Lines > 5);

    [Fact]
    public void No_file_is_a_drawer()
    {
        string[] drawers = ["Util", "Utils", "Utilities", "Helper", "Helpers", "Common", "Misc", "Extensions"];
        string[] notDrawers = ["EncryptedExtensions.cs", "TlsQuestionExtensions.cs"]; // RFC 8446 names the one so; .NET the other, which extends one type.

        var found = Repository.SourceFiles("src").Concat(Repository.SourceFiles("tests"))
            .Where(file => !notDrawers.Contains(Path.GetFileName(file)) && drawers.Any(drawer => Path.GetFileNameWithoutExtension(file).EndsWith(drawer, StringComparison.OrdinalIgnoreCase)));

        Violations.None(found.Select(Repository.Relative));
    }

    private static IEnumerable<string> LongerThan(int most, IEnumerable<string> files) =>
        from file in files
        let lines = File.ReadLines(file).Count()
        where lines > most
        select $"{Repository.Relative(file)}: {lines} lines";
}
