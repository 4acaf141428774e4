using Kippu.AspNetCore.Configuration;
using Kippu.AspNetCore.Hosting;
using Kippu.Fleet;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kippu.AspNetCore.Diagnostics;

/// <summary>
/// Healthy, or Degraded: a node without a ring that seals goes on serving, by full handshakes, so nothing that is wrong here is a reason to take it away.
/// </summary>
internal sealed class KippuHealthCheck(KippuRuntime runtime) : IHealthCheck
{
    private static readonly TimeSpan s_soon = TimeSpan.FromHours(1);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var now = runtime.Time.GetUtcNow();
        List<string> faults = [];
        Dictionary<string, object> data = [];
        foreach (var profile in runtime.Profiles)
        {
            var ring = profile.Ring.Current;
            var where = KippuSection.Path(profile.Name);
            data[$"{where}:ring"] = $"{ring.Epoch}.{ring.Version}";
            data[$"{where}:ringTimeLeft"] = KippuMetrics.TimeLeft(ring, now);
            faults.AddRange(FaultsOf(profile, ring, now).Select(fault => $"{where}: {fault}"));
        }

        return Task.FromResult(faults.Count == 0 ? HealthCheckResult.Healthy(data: data) : HealthCheckResult.Degraded(string.Join("; ", faults), data: data));
    }

    private static IEnumerable<string> FaultsOf(KippuProfile profile, TicketKeyRing ring, DateTimeOffset now)
    {
        if (profile.RingStatus is { Problem: not RingProblem.None } status)
        {
            yield return $"the file of the ring is not taken ({status.Problem}), and {(status.Epoch == 0 ? "there is none" : "the one before stays")} in force";
        }

        if (ring.SealingKey(now) is null)
        {
            yield return "no key of the ring seals, so no tickets are issued";
        }
        else if (KippuMetrics.TimeLeft(ring, now) < Soon(ring))
        {
            yield return "the ring runs out soon: nobody rotates it";
        }

        if (profile.Certificates?.KeepsOld == true)
        {
            yield return "the files of the certificates have changed and cannot be used, so the old ones stay in force";
        }
    }

    /// <summary>An hour, or less where keys live but for minutes.</summary>
    private static TimeSpan Soon(TicketKeyRing ring) => ring.MaxTicketLifetime / 4 < s_soon ? ring.MaxTicketLifetime / 4 : s_soon;
}
