using System.Net;
using Kippu.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
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

    public IReadOnlyList<string> Addresses => [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    public int Port => new Uri(Addresses[0]).Port;

    /// <summary>Starts an application with one endpoint.</summary>
    /// <param name="listen">Makes the endpoint.</param>
    /// <param name="settings">The configuration.</param>
    /// <param name="configure">Further changes of the builder.</param>
    /// <param name="map">Further changes of the application.</param>
    public static async Task<KestrelHost> StartAsync(
        Action<ListenOptions>? listen = null, Dictionary<string, string?>? settings = null, Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null)
    {
        var log = new LogCollector();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "kippu-tests", EnvironmentName = "Production" });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureHttpsDefaults(https =>
            {
                https.ServerCertificate = TestPki.Server.Certificate;
                https.ServerCertificateChain = [.. TestPki.Server.Intermediates];
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
