using Kippu.AspNetCore.Configuration;
using Kippu.Fleet;

namespace Kippu.AspNetCore.Hosting;

/// <summary>The ring of one set of options: a file's, the application's own, or one of this process alone.</summary>
internal sealed class KippuRing : IDisposable
{
    private readonly IDisposable? _own;
    private readonly RingRotator? _rotator;

    private KippuRing(IDisposable? own, RingRotator? rotator)
    {
        _own = own;
        _rotator = rotator;
    }

    public RingStatus? Status => (_own as FileRing)?.Status;

    /// <summary>Sees to it that <see cref="TicketOptions.Ring"/> is there.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The file holds no ring that can be taken, or cannot be rotated like that.</exception>
    public static KippuRing Open(string name, KippuOptions options, KippuRuntime runtime)
    {
        if (options.RingFile is { } file)
        {
            return OpenFile(name, file, options, runtime);
        }

        if (options.Tickets.Ring is not null)
        {
            return new KippuRing(null, null);
        }

        var own = new InProcessRing(runtime.Time);
        options.Tickets.Ring = own;

        // Nobody else has its keys, so a guard of this process is a guard of the whole fleet.
        options.EarlyData.ReplayScope = ReplayScope.PerNode;
        return new KippuRing(own, null);
    }

    public void Dispose()
    {
        _rotator?.Dispose();
        _own?.Dispose();
    }

    private static KippuRing OpenFile(string name, string file, KippuOptions options, KippuRuntime runtime)
    {
        string Rooted(string path) => Path.Combine(runtime.Environment.ContentRootPath, path);

        var how = options.RingFileOptions;
        how.HighWaterFile = how.HighWaterFile is { } mark ? Rooted(mark) : null;
        for (var i = 0; i < how.OperatorKeyFiles.Count; i++)
        {
            how.OperatorKeyFiles[i] = Rooted(how.OperatorKeyFiles[i]);
        }

        FileRing ring;
        try
        {
            ring = new FileRing(Rooted(file), how, runtime.Logs, runtime.Time);
        }
        catch (Exception reason) when (reason is RingUnavailableException or ArgumentException or IOException)
        {
            throw ConfiguredValue.Refused($"{KippuSection.Path(name, nameof(KippuOptions.RingFile))}: {reason.Message}");
        }

        options.Tickets.Ring = ring;
        return new KippuRing(ring, options.RotateRing ? Rotator(name, ring, options, runtime) : null);
    }

    private static RingRotator Rotator(string name, FileRing ring, KippuOptions options, KippuRuntime runtime)
    {
        try
        {
            return new RingRotator(new FileRingStore(ring.Path, options.RingFileOptions), options.Rotation, runtime.Logs, runtime.Time);
        }
        catch (ArgumentException wrong)
        {
            ring.Dispose();
            throw ConfiguredValue.Refused($"{KippuSection.Path(name, nameof(KippuOptions.Rotation))}: {wrong.Message}");
        }
    }
}
