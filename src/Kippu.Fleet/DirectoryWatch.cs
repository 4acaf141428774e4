using Microsoft.Extensions.Logging;

namespace Kippu.Fleet;

/// <summary>
/// Calls as soon as anything changes in the directory of a ring: a file replaced, or, as the kubelet does it, the link <c>..data</c> renamed over the old one. It
/// only makes a change known sooner than the next look; where it cannot be had, there is the look.
/// </summary>
internal sealed class DirectoryWatch : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly Action _changed;
    private readonly ILogger _log;
    private FileSystemWatcher? _watcher;
    private bool _disposed;

    public DirectoryWatch(string path, Action changed, ILogger log)
    {
        _path = path;
        _changed = changed;
        _log = log;
        Renew(hasMissed: false);
    }

    /// <summary>Begins anew if the watch has ended, or has missed a change: its directory may be another by now.</summary>
    public void Renew(bool hasMissed)
    {
        lock (_lock)
        {
            if (_disposed || (_watcher is not null && !hasMissed))
            {
                return;
            }

            _watcher?.Dispose();
            _watcher = Begin();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _watcher?.Dispose();
            _watcher = null;
        }
    }

    private FileSystemWatcher? Begin()
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(RingLocation.DirectoryOf(_path));
            watcher.Changed += (_, _) => _changed();
            watcher.Created += (_, _) => _changed();
            watcher.Renamed += (_, _) => _changed();
            watcher.Deleted += (_, _) => _changed();
            watcher.Error += (sender, e) => End((FileSystemWatcher)sender, e.GetException());
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or PlatformNotSupportedException)
        {
            RingLog.NotWatched(_log, _path, e.Message);
            watcher?.Dispose();
            return null;
        }
    }

    private void End(FileSystemWatcher watcher, Exception e)
    {
        RingLog.NotWatched(_log, _path, e.Message);
        lock (_lock)
        {
            if (ReferenceEquals(watcher, _watcher))
            {
                _watcher = null;
            }
        }

        watcher.Dispose();
    }
}
