using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Kippu.AspNetCore.Configuration;
using Kippu.AspNetCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kippu.AspNetCore.Hosting;

/// <summary>What all endpoints of one application share. There is one for each container of services, whether <c>AddKippu</c> was called or not.</summary>
internal sealed class KippuRuntime
{
    private static readonly ConditionalWeakTable<IMeterFactory, KippuRuntime> s_ofContainers = [];

    private readonly Lock _lock = new();
    private readonly List<KippuProfile> _profiles = [];
    private readonly OptionsFactory<KippuOptions> _options;
    private readonly ILoggerFactory _logs;

    private KippuRuntime(IServiceProvider services)
    {
        Configuration = services.GetRequiredService<IConfiguration>();
        Environment = services.GetRequiredService<IHostEnvironment>();
        Time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        _logs = services.GetRequiredService<ILoggerFactory>();
        IConfigureOptions<KippuOptions>[] setups = [.. services.GetServices<IConfigureOptions<KippuOptions>>()];
        _options = new OptionsFactory<KippuOptions>(
            setups.Any(setup => setup is KippuSetup) ? setups : [new KippuSetup(Configuration), .. setups],
            services.GetServices<IPostConfigureOptions<KippuOptions>>(),
            services.GetServices<IValidateOptions<KippuOptions>>());
        var meters = services.GetRequiredService<IMeterFactory>();
        KestrelMetrics = new KestrelTlsMetrics(meters);
        Metrics = new KippuMetrics(meters, () => [.. Profiles.Select(profile => (profile.Name, profile.Ring.Current))], Time);
        services.GetService<IHostApplicationLifetime>()?.ApplicationStopped.Register(Stop);
    }

    public ILoggerFactory Logs => _logs;

    public IConfiguration Configuration { get; }

    public IHostEnvironment Environment { get; }

    public TimeProvider Time { get; }

    public KestrelTlsMetrics KestrelMetrics { get; }

    public KippuMetrics Metrics { get; }

    public IReadOnlyList<KippuProfile> Profiles
    {
        get
        {
            lock (_lock)
            {
                return [.. _profiles];
            }
        }
    }

    /// <summary>Whether the application has a middleware that keeps early data from endpoints which have not allowed it.</summary>
    public bool GuardsEarlyData { get; set; }

    /// <remarks>A container and its scopes are different objects; the factory of meters is one for all of them.</remarks>
    public static KippuRuntime Of(IServiceProvider services) => s_ofContainers.GetValue(services.GetRequiredService<IMeterFactory>(), _ => new KippuRuntime(services));

    public ILogger Log(string category) => _logs.CreateLogger(category);

    /// <summary>What the endpoints of this name share.</summary>
    public KippuProfile Profile(string name)
    {
        lock (_lock)
        {
            var profile = _profiles.Find(profile => profile.IsShared && string.Equals(profile.Name, name, StringComparison.OrdinalIgnoreCase));
            return profile ?? Add(new KippuProfile(name, _options.Create(name), this) { IsShared = true });
        }
    }

    /// <summary>For one endpoint, which code has configured.</summary>
    public KippuProfile Profile(Action<KippuOptions> configure)
    {
        var options = _options.Create(Options.DefaultName);
        configure(options);
        lock (_lock)
        {
            return Add(new KippuProfile(Options.DefaultName, options, this));
        }
    }

    private KippuProfile Add(KippuProfile profile)
    {
        _profiles.Add(profile);
        return profile;
    }

    private void Stop()
    {
        lock (_lock)
        {
            _profiles.ForEach(profile => profile.Dispose());
            _profiles.Clear();
        }
    }
}
