using System.Reflection;
using System.Runtime.CompilerServices;
using Kippu.Wire;

namespace Kippu.Tests.Architecture;

/// <summary>A first-level folder of src/Kippu, and what it may use (ARCHITECTURE.md, "Rooms"). <see cref="Face"/> is the folder itself.</summary>
internal static class Room
{
    public const string Face = "(public face)";
    public const string Transport = "Transport";

    /// <summary>
    /// Alerts ← Wire ← Crypto ← KeySchedule ← {Records, Resumption, Certificates} ← Handshake ← public face ← Transport. Each may use all to its
    /// left; the three in braces do not know each other. Diagnostics describes messages, so it stands on Wire, for Handshake and all after it.
    /// </summary>
    public static IReadOnlyDictionary<string, string[]> MayUse { get; } = new Dictionary<string, string[]>
    {
        ["Alerts"] = [],
        ["Wire"] = ["Alerts"],
        ["Crypto"] = ["Alerts", "Wire"],
        ["KeySchedule"] = ["Alerts", "Wire", "Crypto"],
        ["Records"] = ["Alerts", "Wire", "Crypto", "KeySchedule"],
        ["Resumption"] = ["Alerts", "Wire", "Crypto", "KeySchedule"],
        ["Certificates"] = ["Alerts", "Wire", "Crypto", "KeySchedule"],
        ["Diagnostics"] = ["Alerts", "Wire"],
        ["Handshake"] = ["Alerts", "Wire", "Crypto", "KeySchedule", "Records", "Resumption", "Certificates", "Diagnostics"],
        [Face] = ["Alerts", "Wire", "Crypto", "KeySchedule", "Records", "Resumption", "Certificates", "Diagnostics", "Handshake"],
        [Transport] = ["Alerts", "Wire", "Crypto", "KeySchedule", "Records", "Resumption", "Certificates", "Diagnostics", "Handshake", Face],
    };

    /// <summary>The library's own types, without those nested in others and those that a source generator or the compiler wrote.</summary>
    public static IReadOnlyList<Type> Types { get; } =
        [.. typeof(TlsReader).Assembly.GetTypes().Where(type => type.DeclaringType is null && IsOurs(type))];

    // A file is named after its type; a type in several files has them named Type.Topic.cs.
    private static readonly Dictionary<string, string[]> s_folders = Repository.SourceFiles("src", "Kippu")
        .GroupBy(file => Path.GetFileName(file).Split('.')[0], StringComparer.Ordinal)
        .ToDictionary(files => files.Key, files => files.Select(FolderOf).Distinct().ToArray(), StringComparer.Ordinal);

    public static string? Of(Type type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type.Assembly == typeof(TlsReader).Assembly && IsOurs(type) ? FolderNamed(type) : null;
    }

    /// <summary>How many rooms hold a file of this name: one, if all is well.</summary>
    public static int FilesFor(Type type) => s_folders.TryGetValue(NameOf(type), out var folders) ? folders.Length : 0;

    private static string NameOf(Type type) => type.Name.Split('`')[0];

    private static string FolderNamed(Type type) => s_folders.TryGetValue(NameOf(type), out var folders) ? folders[0] : type.Namespace!.Split('.').ElementAtOrDefault(1) ?? Face;

    private static string FolderOf(string file)
    {
        var parts = Path.GetRelativePath(Repository.Library, file).Split(Path.DirectorySeparatorChar);
        return parts.Length == 1 ? Face : parts[0];
    }

    private static bool IsOurs(Type type) =>
        type.Namespace is { } name && (name == "Kippu" || name.StartsWith("Kippu.", StringComparison.Ordinal))
        && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && type.GetCustomAttributesData().All(attribute => attribute.AttributeType.Name != "EmbeddedAttribute");
}
