using Microsoft.Extensions.Time.Testing;

namespace Kippu.Fleet.Tests;

/// <summary>Times and rings as most tests want them.</summary>
internal static class Sample
{
    public static DateTimeOffset Start { get; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TimeSpan Hour { get; } = TimeSpan.FromHours(1);

    public static TimeSpan Minute { get; } = TimeSpan.FromMinutes(1);

    public static TimeSpan Second { get; } = TimeSpan.FromSeconds(1);

    public static FakeTimeProvider Clock(DateTimeOffset? start = null) => new(start ?? Start);

    public static byte[] Json(TicketKeyRing ring)
    {
        using var stream = new MemoryStream();
        ring.Save(stream);
        return stream.ToArray();
    }

    public static FileRingOptions SealedBy(params string[] operatorKeyFiles)
    {
        var options = new FileRingOptions();
        foreach (var file in operatorKeyFiles)
        {
            options.OperatorKeyFiles.Add(file);
        }

        return options;
    }
}
