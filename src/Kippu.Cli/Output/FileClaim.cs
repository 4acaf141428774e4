namespace Kippu.Cli.Output;

/// <summary>
/// The right to put another file in the place of one, for one process at a time: what it writes stands beside it as FILE.new from the beginning, and whoever
/// finds that there has to wait. Readers see the old file or the new one, both whole.
/// </summary>
internal sealed class FileClaim : IDisposable
{
    private readonly string _path;
    private readonly string _successor;
    private readonly FileStream _stream;
    private bool _isInPlace;

    private FileClaim(string path, string successor, FileStream stream)
    {
        _path = path;
        _successor = successor;
        _stream = stream;
    }

    /// <exception cref="CommandFault">Another process has it, or its directory cannot be written.</exception>
    public static FileClaim Take(string path)
    {
        var full = Path.GetFullPath(path);
        var successor = full + ".new";
        try
        {
            return new FileClaim(full, successor, PrivateFile.OpenNew(successor));
        }
        catch (IOException e) when (File.Exists(successor))
        {
            throw new CommandFault(ExitCodes.NotMeasured, $"{path} is being changed by another process: {successor} is there", $"Wait for it. If there is none, because it was interrupted: rm {successor}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw PrivateFile.CannotWrite(path, e);
        }
    }

    /// <summary>Puts the new file in the place of the old one, readable and writable by its owner only.</summary>
    /// <exception cref="CommandFault">It cannot be written.</exception>
    public void Replace(Action<Stream> write)
    {
        try
        {
            write(_stream);
            _stream.Flush(flushToDisk: true);
            _stream.Dispose();
            File.Move(_successor, _path, overwrite: true);
            _isInPlace = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw PrivateFile.CannotWrite(_path, e);
        }
    }

    /// <summary>Gives the claim back; what was not put in place is gone.</summary>
    public void Dispose()
    {
        _stream.Dispose();
        if (!_isInPlace)
        {
            PrivateFile.Remove(_successor);
        }
    }
}
