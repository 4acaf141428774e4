using System.Net;
using Microsoft.AspNetCore.Hosting;

namespace Kippu.AspNetCore.Tests;

public sealed class ModeTests
{
    [Theory]
    [InlineData("On", 100)]
    [InlineData(" off ", 0)]
    [InlineData("Percent: 25", 25)]
    [InlineData("percent:0.5", 0.5)]
    [InlineData("Percent: 100", 100)]
    public void A_mode_is_read_and_written(string text, double share)
    {
        Assert.True(KippuMode.TryParse(text, out var mode));
        Assert.Equal(share, mode.Share);
        Assert.True(KippuMode.TryParse(mode.ToString(), out var again));
        Assert.Equal(mode, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("50")]
    [InlineData("Percent: 101")]
    [InlineData("Percent: -1")]
    [InlineData("Percent: NaN")]
    public void What_is_no_mode_is_refused(string? text) => Assert.False(KippuMode.TryParse(text, out _));

    [Fact]
    public async Task A_changed_configuration_sends_new_connections_to_SslStream_and_back()
    {
        await using var host = await KestrelHost.StartAsync(listen => listen.UseKippu(), new() { ["Kippu:Mode"] = "On" });
        Assert.Equal("Kippu", (await Visitor.BrowseAsync(host.Port, HttpVersion.Version11)).Engine);

        host.Set("Kippu:Mode", "Off");
        Assert.Equal("SslStream", (await Visitor.BrowseAsync(host.Port, HttpVersion.Version20)).Engine);

        host.Set("Kippu:Mode", "nonsense");
        Assert.Equal("SslStream", (await Visitor.BrowseAsync(host.Port, HttpVersion.Version11)).Engine);
        Assert.Contains(host.Log.Warnings, warning => warning.StartsWith("Kippu.Handshake: The configuration has changed and is wrong, so Kippu:Mode stays Off", StringComparison.Ordinal));

        host.Set("Kippu:Mode", "On");
        Assert.Equal("Kippu", (await Visitor.BrowseAsync(host.Port, HttpVersion.Version20)).Engine);
    }

    [Fact]
    public async Task A_mode_of_a_name_goes_before_that_of_all()
    {
        await using var host = await KestrelHost.StartAsync(listen => listen.UseKippu("public"), new() { ["Kippu:Mode"] = "Off", ["Kippu:Public:Mode"] = "On" });

        Assert.Equal("Kippu", (await Visitor.BrowseAsync(host.Port, HttpVersion.Version11)).Engine);
    }

    [Fact]
    public async Task A_share_of_the_connections_is_served()
    {
        await using var host = await KestrelHost.StartAsync(listen => listen.UseKippu(), new() { ["Kippu:Mode"] = "Percent: 50" });
        HashSet<string> engines = [];

        // One engine a hundred times in a row would be a chance of 2 to the -99.
        for (var i = 0; i < 100 && engines.Count < 2; i++)
        {
            engines.Add((await Visitor.BrowseAsync(host.Port, HttpVersion.Version11)).Engine);
        }

        Assert.Equal(["Kippu", "SslStream"], engines.Order());
    }
}
