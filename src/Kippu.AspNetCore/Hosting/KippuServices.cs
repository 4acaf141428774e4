using Kippu.AspNetCore;
using Kippu.AspNetCore.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The options of Kippu among an application's services.</summary>
public static class KippuServices
{
    /// <summary>
    /// Adds <see cref="KippuOptions"/>, bound from the configuration section <c>Kippu</c>; options of a name also from <c>Kippu:name</c>. Not needed for <c>listen.UseKippu()</c>: it
    /// is for an application that changes options in code for several endpoints, or reads them.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the options of all names, after the configuration.</param>
    public static IServiceCollection AddKippu(this IServiceCollection services, Action<KippuOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<KippuOptions>, KippuSetup>());
        return configure is null ? services : services.ConfigureAll(configure);
    }

    /// <summary>The same for the options of one name.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name, as in <c>listen.UseKippu(name)</c>.</param>
    /// <param name="configure">Changes the options, after the configuration.</param>
    public static IServiceCollection AddKippu(this IServiceCollection services, string name, Action<KippuOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddKippu().Configure(name, configure);
    }
}
