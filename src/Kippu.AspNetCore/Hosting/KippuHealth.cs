using Kippu.AspNetCore.Diagnostics;
using Kippu.AspNetCore.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Kippu among the health checks of an application.</summary>
public static class KippuHealth
{
    /// <summary>
    /// Says Degraded if a ring does not seal, or soon will not, or its file or a certificate's cannot be taken. It never says Unhealthy: such a node goes on serving.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">Of the check.</param>
    /// <param name="tags">Of the check.</param>
    public static IHealthChecksBuilder AddKippu(this IHealthChecksBuilder builder, string name = "kippu", IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(name, services => new KippuHealthCheck(KippuRuntime.Of(services)), HealthStatus.Degraded, tags));
    }
}
