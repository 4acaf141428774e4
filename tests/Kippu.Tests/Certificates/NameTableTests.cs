using Kippu.Certificates;
using Xunit;

namespace Kippu.Tests.Certificates;

public sealed class NameTableTests
{
    [Theory]
    [InlineData("www.example.com", "exact", "wildcard")]
    [InlineData("WWW.Example.COM", "exact", "wildcard")]
    [InlineData("mail.example.com", "wildcard")]
    [InlineData("xn--mnchen-3ya.example", "international")]
    [InlineData("www.xn--mnchen-3ya.example", "any international")]
    [InlineData("dotted.example", "dotted")]
    [InlineData("example.com")]
    [InlineData("a.b.example.com")]
    [InlineData(".example.com")]
    [InlineData("com")]
    public void An_exact_name_comes_before_a_wildcard_for_one_label(string asked, params string[] found) => Assert.Equal(found, Table().Find(asked).ToArray());

    [Fact]
    public void What_is_kept_twice_for_a_name_is_found_once()
    {
        var table = new NameTable<string>([("a.example", "one"), ("A.example.", "one"), ("*.example", "one"), ("a.example", "two")]);

        Assert.Equal(["one", "two"], table.Find("a.example").ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData("w*.example.com")]
    [InlineData("*.*.example.com")]
    public void What_is_no_name_is_left_out(string name)
    {
        Assert.True(new NameTable<string>([(name, "never")]).Find(name).IsEmpty);
        Assert.Throws<ArgumentException>(() => HostNames.NormalizePattern(name));
    }

    private static NameTable<string> Table() => new(
    [
        ("*.EXAMPLE.com", "wildcard"), ("www.example.com", "exact"), ("münchen.example", "international"), ("*.münchen.example", "any international"),
        ("dotted.example.", "dotted"),
    ]);
}
