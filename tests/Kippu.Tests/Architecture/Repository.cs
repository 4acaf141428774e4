namespace Kippu.Tests.Architecture;

/// <summary>Where the sources are: the folder of Kippu.slnx, above the test's own binaries.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Library { get; } = Path.Combine(Root, "src", "Kippu");

    /// <summary>The C# files below a folder of the repository, without what the build wrote.</summary>
    public static IEnumerable<string> SourceFiles(params string[] folder) =>
        Directory.EnumerateFiles(Path.Combine([Root, .. folder]), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal);

    public static string Relative(string file) => Path.GetRelativePath(Root, file).Replace(Path.DirectorySeparatorChar, '/');

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Kippu.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Kippu.slnx above {AppContext.BaseDirectory}: these tests read the sources, so they run inside the repository.");
    }
}
