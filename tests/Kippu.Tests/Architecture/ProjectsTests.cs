using System.Xml.Linq;
using Xunit;

namespace Kippu.Tests.Architecture;

public sealed class ProjectsTests
{
    /// <summary>ARCHITECTURE.md, "Rooms": which projects of src a project may stand on.</summary>
    private static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        ["Kippu"] = [],
        ["Kippu.Fleet"] = ["Kippu"],
        ["Kippu.AspNetCore"] = ["Kippu", "Kippu.Fleet"],
        ["Kippu.Cli"] = ["Kippu", "Kippu.Fleet", "Kippu.Cli.Node"], // The node is started, not linked.
        ["Kippu.Cli.Node"] = ["Kippu.AspNetCore"],
    };

    [Fact]
    public void A_project_uses_only_those_that_it_may()
    {
        var violations =
            from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            let project = Path.GetFileNameWithoutExtension(file)
            from reference in XDocument.Load(file).Descendants("ProjectReference")
            let used = Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)
            where !s_mayUse.TryGetValue(project, out var allowed) || !allowed.Contains(used)
            select $"{project} uses {used}";

        Violations.None(violations);
    }

    [Fact]
    public void Only_tests_see_the_inside_of_the_library()
    {
        var friends =
            from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            from friend in XDocument.Load(file).Descendants("InternalsVisibleTo")
            let name = friend.Attribute("Include")!.Value
            where !name.EndsWith("Tests", StringComparison.Ordinal) && !name.EndsWith("Bench", StringComparison.Ordinal)
            select $"{Path.GetFileNameWithoutExtension(file)} shows itself to {name}";

        Violations.None(friends);
    }
}
