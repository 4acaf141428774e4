using System.Net;
using Kippu.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kippu.AspNetCore.Tests;

/// <summary>A web application on Kestrel at 127.0.0.1, whose page says which TLS layer served it.</summary>
internal sealed class KestrelHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private KestrelHost(WebApplication app, LogCollector log)
    {
        _app = app;
        Log = log;
    }

    public LogCollector Log { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Changes a value of the configuration, as an edited file would.</summary>
    public void Set(string key, string value)
    {
        var configuration = (IConfigurationRoot)_app.Configuration;
        configuration[key] = value;
        configuration.Reload();
    }

    public IReadOnlyList<string> Addresses => [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    public int Port => new Uri(Addresses[0]).Port;

    /// <summary>Starts an application with one endpoint.</summary>
    /// <param name="listen">Makes the endpoint.</param>
    /// <param name="settings">The configuration.</param>
    /// <param name="configure">Further changes of the builder.</param>
    /// <param name="map">Further changes of the application.</param>
    /// <param name="https">Further changes of Kestrel's defaults for HTTPS.</param>
    public static async Task<KestrelHost> StartAsync(
        Action<ListenOptions>? listen = null, Dictionary<string, string?>? settings = null, Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null,
        Action<HttpsConnectionAdapterOptions>? https = null)
    {
        var log = new LogCollector();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "kippu-tests", EnvironmentName = "Production" });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureHttpsDefaults(defaults =>
            {
                defaults.ServerCertificate = TestPki.Server.Certificate;
                defaults.ServerCertificateChain = [.. TestPki.Server.Intermediates];
                https?.Invoke(defaults);
            });
            if (listen is not null)
            {
                kestrel.Listen(IPAddress.Loopback, 0, listen);
            }
        });
        configure?.Invoke(builder);
        var app = builder.Build();
        map?.Invoke(app);
        app.MapGet("/", (HttpContext context) => Page.Of(context));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new KestrelHost(app, log);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
