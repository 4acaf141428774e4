using Kippu.Cli.Output;

namespace Kippu.Cli.Tls;

/// <summary>A ring in a file, read once.</summary>
internal static class RingFile
{
    /// <exception cref="CommandFault">It is not there, cannot be read, or is no ring.</exception>
    public static FixedRing Load(string path, TimeProvider time, Screen screen)
    {
        using var ring = Read(path);
        WarnIfOpenToOthers(path, screen);
        if (ring.HasRunOut(time.GetUtcNow()))
        {
            screen.Complain($"the ring in {path} has run out: no tickets will be issued", $"Rotate it, and hand it out: kippu keys rotate {path}");
        }

        return new FixedRing(ring);
    }

    public static void WarnIfOpenToOthers(string path, Screen screen)
    {
        if (PrivateFile.IsOpenToOthers(path))
        {
            screen.Complain($"{path} can be read by others than its owner", $"Whoever reads it can open every ticket: chmod 600 {path}");
        }
    }

    /// <exception cref="CommandFault">It is not there, cannot be read, or is no ring.</exception>
    public static TicketKeyRing Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return TicketKeyRing.Load(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw CommandFault.Usage($"there is no ring in {path}", $"Make one: kippu keys new {path}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandFault.Usage($"the ring in {path} cannot be read: {e.Message}", "Name a file that you may read.", e);
        }
        catch (StoredFormatException e)
        {
            throw CommandFault.Usage($"{path} is no ring: {e.Message}", $"Make one: kippu keys new {path} (add --force to put it in the place of this file)", e);
        }
    }
}
