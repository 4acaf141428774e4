using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Architecture;

public sealed class SourceShapeTests
{
    private const int MostLinesOfAFile = 500;
    private const int MostLinesOfATestFile = 600;
    private const int MostLinesOfAFunction = 100;

    [Fact]
    public void No_source_file_is_long() => Violations.None(LongerThan(MostLinesOfAFile, Repository.SourceFiles("src")));

    [Fact]
    public void No_test_file_is_long() => Violations.None(LongerThan(MostLinesOfATestFile, Repository.SourceFiles("tests")));

    [Fact]
    public void No_function_is_long() =>
        Violations.None(FunctionLengths().Where(function => function.Lines > MostLinesOfAFunction).Select(function => $"{function.Name}: {function.Lines} lines"));

    [Fact]
    public void The_lengths_of_functions_are_really_read() => Assert.Contains(FunctionLengths(), function => function.Lines > 5);

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

    // The debug symbols know on which lines the code of each function stands. Constructors also hold the initialisers of fields, which stand
    // elsewhere in the file: for them the lines that hold code are counted, not the distance from the first to the last.
    private static IEnumerable<(string Name, int Lines)> FunctionLengths()
    {
        var module = typeof(TlsReader).Module;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(module.Assembly.Location, ".pdb")));
        var symbols = provider.GetMetadataReader();
        foreach (var handle in symbols.MethodDebugInformation)
        {
            var points = symbols.GetMethodDebugInformation(handle).GetSequencePoints().Where(point => !point.IsHidden).ToArray();
            var method = module.ResolveMethod(MetadataTokens.GetToken(handle.ToDefinitionHandle()))!;
            if (points.Length == 0 || method.Name == ".cctor")
            {
                continue;
            }

            var lines = method is ConstructorInfo
                ? points.SelectMany(point => Enumerable.Range(point.StartLine, point.EndLine - point.StartLine + 1)).Distinct().Count()
                : points.Max(point => point.EndLine) - points.Min(point => point.StartLine) + 1;
            yield return ($"{method.DeclaringType!.FullName}.{method.Name}", lines);
        }
    }
}
