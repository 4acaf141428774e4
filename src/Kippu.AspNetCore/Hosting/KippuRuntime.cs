using System.Runtime.CompilerServices;
using Kippu.AspNetCore.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Kippu.AspNetCore.Hosting;

/// <summary>What all endpoints of one application share. There is one for each container of services, whether <c>AddKippu</c> was called or not.</summary>
internal sealed class KippuRuntime
{
    private static readonly ConditionalWeakTable<IServiceProvider, KippuRuntime> s_ofContainers = [];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, KippuProfile> _profiles = new(StringComparer.OrdinalIgnoreCase);
    private readonly OptionsFactory<KippuOptions> _options;

    private KippuRuntime(IServiceProvider services)
    {
        Services = services;
        var configuration = services.GetRequiredService<IConfiguration>();
        IConfigureOptions<KippuOptions>[] setups = [.. services.GetServices<IConfigureOptions<KippuOptions>>()];
        _options = new OptionsFactory<KippuOptions>(
            setups.Any(setup => setup is KippuSetup) ? setups : [new KippuSetup(configuration), .. setups],
            services.GetServices<IPostConfigureOptions<KippuOptions>>(),
            services.GetServices<IValidateOptions<KippuOptions>>());
        Environment = services.GetRequiredService<IHostEnvironment>();
        Time = services.GetService<TimeProvider>() ?? TimeProvider.System;
    }

    public IServiceProvider Services { get; }

    public IHostEnvironment Environment { get; }

    public TimeProvider Time { get; }

    public static KippuRuntime Of(IServiceProvider services) => s_ofContainers.GetValue(services, static services => new KippuRuntime(services));

    /// <summary>What the endpoints of this name share.</summary>
    public KippuProfile Profile(string name)
    {
        lock (_lock)
        {
            if (!_profiles.TryGetValue(name, out var profile))
            {
                _profiles.Add(name, profile = new KippuProfile(name, _options.Create(name), this));
            }

            return profile;
        }
    }

    /// <summary>For one endpoint, which code has configured.</summary>
    public KippuProfile Profile(Action<KippuOptions> configure)
    {
        var options = _options.Create(Options.DefaultName);
        configure(options);
        return new KippuProfile(Options.DefaultName, options, this);
    }
}
