using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Kippu.AspNetCore.Hosting;

/// <summary>Puts Kippu on the endpoints that stand in Kestrel's configuration.</summary>
internal sealed class ConfiguredEndpoints : IConfigureOptions<KestrelServerOptions>
{
    /// <exception cref="InvalidOperationException">Kestrel has no configuration.</exception>
    public void Configure(KestrelServerOptions options)
    {
        var loader = options.ConfigurationLoader
            ?? throw new InvalidOperationException("UseKippu: Kestrel has no configuration yet; call it after Configure(section), or call listen.UseKippu() on endpoints made in code");
        foreach (var endpoint in loader.Configuration.GetSection("Endpoints").GetChildren())
        {
            loader.Endpoint(endpoint.Key, configured => configured.UseKippu());
        }
    }
}
