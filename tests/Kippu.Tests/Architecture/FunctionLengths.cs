using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Kippu.Tests.Architecture;

/// <summary>How long the functions of an assembly are in its source. Its debug symbols stand beside it.</summary>
internal static class FunctionLengths
{
    public static IEnumerable<string> LongerThan(int most, Module module) =>
        Of(module).Where(function => function.Lines > most).Select(function => $"{function.Name}: {function.Lines} lines");

    // The debug symbols know on which lines the code of each function stands. Constructors also hold the initialisers of fields, which stand
    // elsewhere in the file: for them the lines that hold code are counted, not the distance from the first to the last.
    public static IEnumerable<(string Name, int Lines)> Of(Module module)
    {
        using var provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(module.Assembly.Location, ".pdb")));
        var symbols = provider.GetMetadataReader();
        foreach (var handle in symbols.MethodDebugInformation)
        {
            var points = symbols.GetMethodDebugInformation(handle).GetSequencePoints().Where(point => !point.IsHidden).ToArray();
            var method = module.ResolveMethod(MetadataTokens.GetToken(handle.ToDefinitionHandle()))!;
            if (points.Length == 0 || method.Name == ".cctor" || IsGenerated(symbols, points[0].Document))
            {
                continue;
            }

            var lines = method is ConstructorInfo
                ? points.SelectMany(point => Enumerable.Range(point.StartLine, point.EndLine - point.StartLine + 1)).Distinct().Count()
                : points.Max(point => point.EndLine) - points.Min(point => point.StartLine) + 1;
            yield return ($"{method.DeclaringType!.FullName}.{method.Name}", lines);
        }
    }

    private static bool IsGenerated(MetadataReader symbols, DocumentHandle document) =>
        symbols.GetString(symbols.GetDocument(document).Name).EndsWith(".g.cs", StringComparison.Ordinal);
}
