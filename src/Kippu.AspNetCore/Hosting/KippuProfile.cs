using Kippu.AspNetCore.Configuration;

namespace Kippu.AspNetCore.Hosting;

/// <summary>Options that were validated, with what they name: the ring, and what all servers made from them must share.</summary>
internal sealed class KippuProfile
{
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options contradict each other, or a file cannot be read.</exception>
    public KippuProfile(string name, KippuOptions options, KippuRuntime runtime)
    {
        Name = name;
        Options = options;
        Runtime = runtime;
        Tickets = TicketsOf(name, options, runtime);
    }

    public string Name { get; }

    public KippuOptions Options { get; }

    public KippuRuntime Runtime { get; }

    /// <summary>With a ring: a new server, after a change of certificates, goes on with it.</summary>
    public TicketOptions Tickets { get; }

    /// <summary>Whether Kippu serves the connection that comes next.</summary>
    public bool TakesNext() => Options.Mode.Share is var share && (share == 100 || (share > 0 && Random.Shared.NextDouble() * 100 < share));

    public string ScopeName => Options.ScopeName ?? Runtime.Environment.ApplicationName;

    private static TicketOptions TicketsOf(string name, KippuOptions options, KippuRuntime runtime)
    {
        var tickets = options.Tickets;
        if (options.RingFile is { } file)
        {
            if (tickets.Ring is not null)
            {
                throw ConfiguredValue.Refused($"{KippuSection.Path(name, nameof(KippuOptions.RingFile))}: Tickets.Ring is given too; give one of the two");
            }

            tickets.Ring = Load(Path.Combine(runtime.Environment.ContentRootPath, file), KippuSection.Path(name, nameof(KippuOptions.RingFile)));
        }

        tickets.Ring ??= new InProcessRing(runtime.Time);
        return tickets;
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
