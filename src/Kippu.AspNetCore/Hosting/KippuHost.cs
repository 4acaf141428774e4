using Kippu.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Hosting;

/// <summary>Kippu for a whole application.</summary>
public static class KippuHost
{
    /// <summary>
    /// HTTPS by Kippu on every <c>https</c> endpoint of the configuration section <c>Kestrel:Endpoints</c>. The endpoint <c>Kestrel:Endpoints:Public</c> has the options of
    /// <c>Kippu:Public</c>, and of <c>Kippu</c> for what is not said there.
    /// </summary>
    /// <remarks>
    /// Kestrel keeps one callback for each endpoint's name, the last that was given: an application that has one of its own calls
    /// <see cref="KippuListen.UseKippu(Microsoft.AspNetCore.Server.Kestrel.EndpointConfiguration)"/> in it. Endpoints made in code call <c>listen.UseKippu()</c>.
    /// </remarks>
    /// <param name="builder">The application's; Kestrel must have been given its configuration before, as <c>WebApplication.CreateBuilder</c> does.</param>
    public static IWebHostBuilder UseKippu(this IWebHostBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureServices(services => services.AddKippu().AddSingleton<IConfigureOptions<KestrelServerOptions>, ConfiguredEndpoints>());
    }
}
