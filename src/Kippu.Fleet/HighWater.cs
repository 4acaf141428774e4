using System.Globalization;
using System.Text;

namespace Kippu.Fleet;

/// <summary>The highest (epoch, version) that this machine has seen, kept across restarts: a line with the two numbers.</summary>
internal sealed class HighWater(string path)
{
    private const int LongestFile = 64;

    private (long Epoch, long Version) _mark;

    /// <exception cref="RingUnavailableException">The file is there and does not say it.</exception>
    public void Load()
    {
        try
        {
            using var file = File.OpenRead(path);
            Span<byte> content = stackalloc byte[LongestFile];
            var length = file.ReadAtLeast(content, LongestFile, throwOnEndOfStream: false);
            var words = Encoding.ASCII.GetString(content[..length]).TrimEnd().Split(' ');
            _mark = words.Length == 2 && TryParse(words[0], out var epoch) && TryParse(words[1], out var version)
                ? (epoch, version)
                : throw new RingUnavailableException(RingProblem.Malformed, $"{path} is no high-water file: an epoch and a version are expected. Without it any ring is taken");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // None has been seen yet.
        }
        catch (Exception e) when (e is (IOException and not RingUnavailableException) or UnauthorizedAccessException)
        {
            throw new RingUnavailableException(RingProblem.Unreadable, $"the high-water file {path} cannot be read: {e.Message}", e);
        }
    }

    public bool IsAbove(TicketKeyRing ring) => _mark.CompareTo((ring.Epoch, ring.Version)) > 0;

    /// <summary>Remembers that this ring was seen.</summary>
    /// <exception cref="IOException">It cannot be written; it is remembered until the process ends.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public void Raise(TicketKeyRing ring)
    {
        if (_mark.CompareTo((ring.Epoch, ring.Version)) >= 0)
        {
            return;
        }

        _mark = (ring.Epoch, ring.Version);
        AtomicFile.Replace(Path.GetFullPath(path), Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{ring.Epoch} {ring.Version}\n")));
    }

    public override string ToString() => $"{_mark.Epoch}.{_mark.Version} in {path}";

    private static bool TryParse(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
