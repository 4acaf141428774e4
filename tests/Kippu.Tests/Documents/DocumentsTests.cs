using System.Text.RegularExpressions;
using Kippu.Tests.Architecture;
using Xunit;

namespace Kippu.Tests.Documents;

/// <summary>What the documents promise about the code is there.</summary>
public sealed partial class DocumentsTests
{
    private static readonly string[] s_documents =
        [.. Directory.EnumerateFiles(Repository.Root, "*.md"), .. FilesIn("docs", "*.md")];

    [Fact]
    public void Every_link_to_a_file_leads_to_one() => Violations.None(
        from document in s_documents
        from Match link in Link().Matches(File.ReadAllText(document))
        let target = link.Groups["target"].Value
        where !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith('#') && !target.StartsWith("mailto:", StringComparison.Ordinal)
        let file = Path.Combine(Path.GetDirectoryName(document)!, target.Split('#')[0])
        where !File.Exists(file) && !Directory.Exists(file)
        select $"{Repository.Relative(document)} links to {target}");

    [Fact]
    public void Every_member_that_ARCHITECTURE_names_exists()
    {
        var named =
            from Match name in MemberName().Matches(File.ReadAllText(Path.Combine(Repository.Root, "ARCHITECTURE.md")))
            select (Type: name.Groups["type"].Value, Member: name.Groups["member"].Value);

        Violations.None(
            from name in named
            let type = Room.Types.FirstOrDefault(type => type.Name == name.Type)
            where type is not null && type.GetMember(name.Member, TypeReferences.Declared).Length == 0
            select $"{name.Type}.{name.Member}");
    }

    private static string[] FilesIn(string folder, string pattern)
    {
        var path = Path.Combine(Repository.Root, folder);
        return Directory.Exists(path) ? Directory.GetFiles(path, pattern, SearchOption.AllDirectories) : [];
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`(?<type>[A-Z]\w+)\.(?<member>[A-Z]\w+)`")]
    private static partial Regex MemberName();
}
