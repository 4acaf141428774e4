using Kippu.AspNetCore.Certificates;
using Kippu.AspNetCore.Configuration;
using Kippu.AspNetCore.Connections;
using Kippu.AspNetCore.Diagnostics;
using Kippu.Fleet;

namespace Kippu.AspNetCore.Hosting;

/// <summary>Options that were validated, with what they name: the ring, the certificates, and what all servers made from them must share.</summary>
internal sealed class KippuProfile : IDisposable
{
    private readonly KippuRing _ring;

    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options contradict each other, or a file cannot be read.</exception>
    public KippuProfile(string name, KippuOptions options, KippuRuntime runtime)
    {
        Name = name;
        Options = options;
        Runtime = runtime;
        KippuRules.Check(name, options);
        _ring = KippuRing.Open(name, options, runtime);
        KippuRules.CheckServer(name, options, ScopeName, runtime.Time);
        if (options.EarlyData is { MaxSize: > 0, ReplayGuard: null })
        {
            // One for all servers of the endpoint: a change of certificates must not let early data in a second time.
            options.EarlyData.ReplayGuard = new MemoryReplayGuard(options.EarlyData.FreshnessWindow, timeProvider: runtime.Time);
        }

        if (options.Certificates.Count > 0)
        {
            Certificates = new CertificateWatch(
                [.. options.Certificates], runtime.Environment.ContentRootPath, KippuSection.Path(name, nameof(KippuOptions.Certificates)), runtime.Time, runtime.Log(KippuLog.Handshake));
        }

        Mode = new ModeSwitch(name, options.Mode, runtime.Configuration, runtime.Log(KippuLog.Handshake));
        Gate = new HandshakeGate(options.MaxConcurrentHandshakes);
        KippuLog.RingInForce(runtime.Log(KippuLog.Ring), KippuSection.Path(name), Ring.Current.ToString(), ScopeName);
    }

    public string Name { get; }

    /// <summary>Whether all endpoints of the name have it, not one alone.</summary>
    public bool IsShared { get; init; }

    public KippuOptions Options { get; }

    public KippuRuntime Runtime { get; }

    public ModeSwitch Mode { get; }

    public HandshakeGate Gate { get; }

    /// <summary>Null: Kestrel's own.</summary>
    public CertificateWatch? Certificates { get; }

    /// <summary>A new server, after a change of certificates, goes on with it.</summary>
    public IRingSource Ring => Options.Tickets.Ring!;

    /// <summary>How the file of the ring stands; null without one.</summary>
    public RingStatus? RingStatus => _ring.Status;

    public string ScopeName => Options.ScopeName ?? Runtime.Environment.ApplicationName;

    public void Dispose()
    {
        Mode.Dispose();
        Certificates?.Dispose();
        _ring.Dispose();
    }
}
