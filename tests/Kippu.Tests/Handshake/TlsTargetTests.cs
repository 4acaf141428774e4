using Xunit;

namespace Kippu.Tests.Handshake;

public sealed class TlsTargetTests
{
    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("https://localhost/", "a URL is more than that")]
    [InlineData("localhost:443", "a port is given apart from it")]
    [InlineData("[::1]:443", "a port is given apart from it")]
    [InlineData("foo bar", "' ' stands in none")]
    [InlineData("a..example", "labels")]
    [InlineData("*.example", "'*' stands in none")]
    public void What_is_no_host_name_is_refused_before_it_goes_out(string name, string reason)
    {
        var asHost = Assert.Throws<ArgumentException>(() => new TlsTarget(name));

        Assert.Equal("Host", asHost.ParamName);
        Assert.Contains(reason, asHost.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new TlsTarget("localhost") with { Host = name });
        if (name.Length > 0)
        {
            Assert.Equal("ServerName", Assert.Throws<ArgumentException>(() => new TlsTarget("localhost") { ServerName = name }).ParamName);
        }
    }

    [Fact]
    public void A_label_has_63_characters_at_most_and_a_name_253()
    {
        var label = new string('a', 63);

        Assert.Equal(443, new TlsTarget($"{label}.{label}.{label}.{label[..61]}").Port);
        Assert.Throws<ArgumentException>(() => new TlsTarget(label + "a"));
        Assert.Throws<ArgumentException>(() => new TlsTarget($"{label}.{label}.{label}.{label[..62]}"));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("www.example.com.")]
    [InlineData("b\u00fccher.example")]
    [InlineData("_service.example")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    public void Names_and_addresses_are_kept_as_they_were_given(string host) => Assert.Equal(host, new TlsTarget(host).Host);

    [Fact]
    public void No_server_name_is_said_by_an_empty_one() => Assert.Equal("", new TlsTarget("localhost") { ServerName = "" }.ServerName);
}
