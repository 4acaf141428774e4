namespace Kippu.Cli.Output;

/// <summary>Files that hold secrets: readable and writable by their owner only, and never half written.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode ReadByOthers = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Others = (UnixFileMode)0b000_111_111;

    /// <summary>Writes a new file, or puts it in the place of the old one; whoever reads meanwhile sees the one or the other.</summary>
    /// <exception cref="CommandFault">The file exists and is not to be overwritten, or it cannot be written.</exception>
    public static void Write(string path, bool overwrite, Action<Stream> write)
    {
        if (!overwrite && File.Exists(path))
        {
            throw CommandFault.Usage($"{path} exists", "Choose another name, or give --force to put a new one in its place.");
        }

        if (Directory.Exists(path))
        {
            throw CommandFault.Usage($"cannot write: {path} is a directory", "Name a file in it.");
        }

        var full = Path.GetFullPath(path);
        var temporary = $"{full}.{Path.GetRandomFileName()}";
        try
        {
            using (var stream = OpenNew(temporary))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite);
        }
        catch (Exception e) when (FileTrouble.IsOne(e))
        {
            throw CannotWrite(path, e);
        }
        finally
        {
            Remove(temporary);
        }
    }

    /// <summary>Opens a file for more lines at its end; made if it is not there. One that others may read is not written to, and left as it is: it is not ours alone.</summary>
    /// <exception cref="CommandFault">It cannot be written, or others than its owner may read it.</exception>
    public static StreamWriter Append(string path)
    {
        try
        {
            var file = new FileStream(path, WithMode(new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite }));
            if (IsReadByOthers(file))
            {
                file.Dispose();
                throw CommandFault.Usage($"{path} can be read by others than its owner, and the keys of connections are to go into it", $"Close it to them: chmod 600 {path}");
            }

            return new StreamWriter(file) { AutoFlush = true };
        }
        catch (Exception e) when (FileTrouble.IsOne(e))
        {
            throw CannotWrite(path, e);
        }
    }

    /// <summary>True if others than the owner may read or write the file. Never where there are no such modes.</summary>
    public static bool IsOpenToOthers(string path) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0;

    public static CommandFault CannotWrite(string path, Exception e) =>
        CommandFault.Usage($"cannot write: {FileTrouble.Of(path, e)}", "Choose a directory that exists and that you may write to.", e);

    /// <summary>Makes a file; it must not be there yet.</summary>
    public static FileStream OpenNew(string path) =>
        new(path, WithMode(new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write }));

    /// <summary>Removes a file if it is there.</summary>
    public static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (FileTrouble.IsOne(e))
        {
            // What was to be said of this path has been said.
        }
    }

    /// <summary>Asked of the open file: what the path means may have changed.</summary>
    private static bool IsReadByOthers(FileStream file) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & ReadByOthers) != 0;

    private static FileStreamOptions WithMode(FileStreamOptions options)
    {
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }
}
