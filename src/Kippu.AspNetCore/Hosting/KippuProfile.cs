using Kippu.AspNetCore.Certificates;
using Kippu.AspNetCore.Configuration;
using Kippu.AspNetCore.Connections;
using Kippu.AspNetCore.Diagnostics;

namespace Kippu.AspNetCore.Hosting;

/// <summary>Options that were validated, with what they name: the ring, the certificates, and what all servers made from them must share.</summary>
internal sealed class KippuProfile : IDisposable
{
    private readonly IDisposable? _ownRing;

    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options contradict each other, or a file cannot be read.</exception>
    public KippuProfile(string name, KippuOptions options, KippuRuntime runtime)
    {
        Name = name;
        Options = options;
        Runtime = runtime;
        KippuRules.Check(name, options);
        _ownRing = RingOf(name, options, runtime);
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

    public string ScopeName => Options.ScopeName ?? Runtime.Environment.ApplicationName;

    public void Dispose()
    {
        Mode.Dispose();
        Certificates?.Dispose();
        _ownRing?.Dispose();
    }

    /// <summary>Sees to it that there is a ring. Returns what was made here.</summary>
    private static IDisposable? RingOf(string name, KippuOptions options, KippuRuntime runtime)
    {
        if (options.RingFile is { } file)
        {
            var ring = Load(Path.Combine(runtime.Environment.ContentRootPath, file), KippuSection.Path(name, nameof(KippuOptions.RingFile)));
            options.Tickets.Ring = ring;
            return ring;
        }

        if (options.Tickets.Ring is not null)
        {
            return null;
        }

        var own = new InProcessRing(runtime.Time);
        options.Tickets.Ring = own;

        // Nobody else has its keys, so a guard of this process is a guard of the whole fleet.
        options.EarlyData.ReplayScope = ReplayScope.PerNode;
        return own;
    }

    private static FixedRing Load(string file, string where)
    {
        try
        {
            using var source = File.OpenRead(file);
            using var ring = TicketKeyRing.Load(source);
            return new FixedRing(ring);
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException or StoredFormatException)
        {
            throw ConfiguredValue.Refused($"{where}: {file} holds no ring that can be read: {reason.Message}");
        }
    }
}
