namespace Kippu.Fleet;

/// <summary>Files that are replaced as a whole, and that their owner alone can read and write (0600).</summary>
internal static class AtomicFile
{
    private const string TemporarySuffix = ".tmp";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a file; it must not be there yet.</summary>
    public static FileStream OpenNew(string path) => new(path, Private(FileMode.CreateNew, FileShare.Read));

    /// <summary>Opens, or makes, a file that no other process has open in this way.</summary>
    public static FileStream OpenExclusively(string path) => new(path, Private(FileMode.OpenOrCreate, FileShare.None));

    /// <summary>Puts a new file in the place of the old one: whoever reads sees the one or the other, and so it is after a crash at any point.</summary>
    /// <param name="path">Not a symbolic link.</param>
    /// <param name="content">All of it.</param>
    /// <param name="before">Is told of each step before it is taken; a test stops there.</param>
    public static void Replace(string path, ReadOnlySpan<byte> content, Action<WriteStep>? before = null)
    {
        var temporary = $"{path}.{Path.GetRandomFileName()}{TemporarySuffix}";
        before?.Invoke(WriteStep.Create);
        using (var file = OpenNew(temporary))
        {
            before?.Invoke(WriteStep.Write);
            file.Write(content[..(content.Length / 2)]);
            file.Flush();
            before?.Invoke(WriteStep.WriteRest);
            file.Write(content[(content.Length / 2)..]);
            before?.Invoke(WriteStep.Flush);
            file.Flush(flushToDisk: true);
        }

        before?.Invoke(WriteStep.Rename);
        File.Move(temporary, path, overwrite: true);
        before?.Invoke(WriteStep.Done);
    }

    /// <summary>Removes what writers left that were interrupted. Only for whoever has the lock.</summary>
    public static void RemoveLeftovers(string path)
    {
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, $"{Path.GetFileName(path)}.*{TemporarySuffix}"))
        {
            File.Delete(file);
        }
    }

    private static FileStreamOptions Private(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }
}
