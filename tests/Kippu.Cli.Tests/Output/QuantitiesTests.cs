using Kippu.Cli.Connecting;
using Kippu.Cli.Output;

namespace Kippu.Cli.Tests.Output;

public sealed class QuantitiesTests
{
    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(0.85, "850 ms")]
    [InlineData(1, "1 s")]
    [InlineData(90, "1 min 30 s")]
    [InlineData(43_200, "12 h")]
    [InlineData(25_199, "6 h 59 min")]
    [InlineData(604_800, "7 d")]
    [InlineData(86_460, "1 d")]
    public void Durations_have_their_two_greatest_units(double seconds, string expected) => Assert.Equal(expected, Quantities.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("example.com", "example.com:443")]
    [InlineData("example.com:8443", "example.com:8443")]
    [InlineData("192.0.2.1:1", "192.0.2.1:1")]
    [InlineData("[2001:db8::1]:8443", "[2001:db8::1]:8443")]
    [InlineData("2001:db8::1", "[2001:db8::1]:443")]
    public void A_target_is_a_host_and_perhaps_a_port(string text, string expected) => Assert.Equal(expected, ConnectTarget.Parse(text)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("example.com:")]
    [InlineData("example.com:0")]
    [InlineData("example.com:65536")]
    [InlineData("example.com:+1")]
    [InlineData("https://example.com")]
    [InlineData("[::1")]
    [InlineData("[example.com]:1")]
    [InlineData("a b:1")]
    public void Anything_else_is_none(string text) => Assert.Null(ConnectTarget.Parse(text));
}
