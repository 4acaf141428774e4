namespace Kippu.Fleet;

/// <summary>Where the file of a ring is: the path itself, or, if that is a directory (as Kubernetes mounts a Secret), the one <c>*.ring</c> in it.</summary>
internal static class RingLocation
{
    /// <exception cref="RingUnavailableException">A directory without a ring in it, or with several, or that cannot be read.</exception>
    public static string FileOf(string path)
    {
        if (!Directory.Exists(path))
        {
            return path;
        }

        try
        {
            // What begins with a dot is the kubelet's: ..data, ..2030_01_01_00_00_00.123456789.
            var rings = Directory.EnumerateFiles(path, "*.ring").Where(file => !Path.GetFileName(file).StartsWith('.')).ToArray();
            return rings.Length switch
            {
                1 => rings[0],
                0 => throw new RingUnavailableException(RingProblem.Missing, $"there is no file *.ring in {path}"),
                _ => throw new RingUnavailableException(RingProblem.Missing, $"there are {rings.Length} files *.ring in {path}: name one"),
            };
        }
        catch (Exception e) when (e is (IOException and not RingUnavailableException) or UnauthorizedAccessException)
        {
            throw new RingUnavailableException(RingProblem.Unreadable, $"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The directory in which something changes when the ring does.</summary>
    public static string DirectoryOf(string path) => Directory.Exists(path) ? path : Path.GetDirectoryName(path)!;

    /// <summary>The file that is replaced: what a symbolic link points to, so that the link stays.</summary>
    public static string TargetOf(string path)
    {
        var file = FileOf(path);
        return File.Exists(file) ? File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file : file;
    }
}
