namespace Kippu.Cli.Output;

/// <summary>Why a file that somebody named cannot be read or written, in words about that file: the platform's may name another one, or the wrong reason.</summary>
internal static class FileTrouble
{
    /// <summary>True if it is the file's fault, and not this program's.</summary>
    public static bool IsOne(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>A sentence without its full stop; it begins with the name that was given.</summary>
    public static string Of(string path, Exception e) => e switch
    {
        _ when path.Length == 0 => "a file without a name",
        _ when Directory.Exists(path) => $"{path} is a directory",
        FileNotFoundException => $"{path} is not there",
        DirectoryNotFoundException => $"{path}: there is no directory {Path.GetDirectoryName(Path.GetFullPath(path))}",
        UnauthorizedAccessException => $"{path}: you may not do that with it (permission denied)",
        _ => $"{path}: {e.Message.TrimEnd('.')}",
    };
}
