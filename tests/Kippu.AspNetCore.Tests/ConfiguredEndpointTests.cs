using System.Net;
using Kippu.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Kippu.AspNetCore.Tests;

/// <summary>Endpoints that stand in the configuration.</summary>
public sealed class ConfiguredEndpointTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kippu-tests-");

    [Fact]
    public async Task One_call_puts_Kippu_on_every_https_endpoint_with_the_options_of_its_name()
    {
        await using var host = await StartAsync(new()
        {
            ["Kestrel:Endpoints:Public:Url"] = "https://127.0.0.1:0",
            ["Kestrel:Endpoints:Inner:Url"] = "https://127.0.0.1:0",
            ["Kestrel:Endpoints:Plain:Url"] = "http://127.0.0.1:0",
            ["Kippu:Inner:Mode"] = "Off",
        });
        var ports = host.Addresses.Where(address => address.StartsWith("https:", StringComparison.Ordinal)).Select(address => new Uri(address).Port).ToList();
        using var http = new HttpClient();

        List<string> engines = [];
        foreach (var port in ports)
        {
            engines.Add((await Visitor.BrowseAsync(port, HttpVersion.Version20)).Engine);
        }

        Assert.Equal(["Kippu", "SslStream"], engines.Order());
        Assert.Equal("plain", await http.GetStringAsync(new Uri(host.Addresses.Single(address => address.StartsWith("http:", StringComparison.Ordinal)) + "/plain"), Visitor.Token));
        Assert.DoesNotContain(host.Log.Warnings, warning => warning.Contains("TLS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Policies_for_single_names_are_refused_by_their_place()
    {
        var refused = await Assert.ThrowsAsync<NotSupportedException>(() => StartAsync(new()
        {
            ["Kestrel:Endpoints:Public:Url"] = "https://127.0.0.1:0",
            ["Kestrel:Endpoints:Public:Sni:example.com:Protocols"] = "Http1",
        }));

        Assert.StartsWith("Kestrel:Endpoints:Public:Sni: ", refused.Message, StringComparison.Ordinal);
    }

    private async Task<KestrelHost> StartAsync(Dictionary<string, string?> settings)
    {
        var (certificate, key) = TestPki.Server.WritePem(_folder.FullName, "server");
        settings["Kestrel:Certificates:Default:Path"] = certificate;
        settings["Kestrel:Certificates:Default:KeyPath"] = key;
        return await KestrelHost.StartAsync(settings: settings, configure: builder => builder.WebHost.UseKippu(), map: app => app.Map("/plain", plain => plain.Run(context => context.Response.WriteAsync("plain"))));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
