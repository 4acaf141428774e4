using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kippu.Fleet;

/// <summary>
/// The ring in a file: watched, and looked at now and then besides, so that a change that gives no sign (a Secret that the kubelet mounts, a network file system)
/// is seen too. A ring that cannot be read, is no ring, is older than the one in force or contradicts it is not taken: the one in force stays, and
/// <see cref="Status"/>, <see cref="StatusChanged"/> and the log say why.
/// </summary>
/// <remarks>Thread-safe. It never writes the ring (<see cref="RingRotator"/> does); it owns the rings that it gives, and clears one once no later one lists its keys.</remarks>
public sealed class FileRing : IRingSource, IDisposable
{
    private static readonly TimeSpan s_shortestPoll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longestPoll = TimeSpan.FromHours(1);

    private readonly Lock _refreshing = new();
    private readonly FileRingStore _store;
    private readonly HighWater? _highWater;
    private readonly FixedRing _ring;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ITimer _timer;
    private readonly DirectoryWatch _watch;
    private byte[] _digestInForce = [];
    private RingStatus _status;
    private long _confirmed;
    private bool _isSealing = true;
    private bool _disposed;

    /// <summary>Reads the ring, and begins to watch it.</summary>
    /// <param name="path">The file, or a directory with one <c>*.ring</c> in it (as Kubernetes mounts a Secret).</param>
    /// <param name="options">Null: a ring that is not sealed, and the defaults.</param>
    /// <param name="loggers">Where the category <c>Kippu.Ring</c> comes from; null: no log.</param>
    /// <param name="timeProvider">Null: <see cref="TimeProvider.System"/>.</param>
    /// <exception cref="RingUnavailableException">There is no ring that can be taken, and <see cref="FileRingOptions.StartWithoutRing"/> is off.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="FileRingOptions.PollInterval"/> is.</exception>
    public FileRing(string path, FileRingOptions? options = null, ILoggerFactory? loggers = null, TimeProvider? timeProvider = null)
    {
        options ??= new FileRingOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PollInterval, s_shortestPoll, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.PollInterval, s_longestPoll, nameof(options));
        _store = new FileRingStore(path, options);
        _time = timeProvider ?? TimeProvider.System;
        _log = (loggers ?? NullLoggerFactory.Instance).CreateLogger(RingLog.Category);
        _highWater = options.HighWaterFile is null ? null : new HighWater(options.HighWaterFile);
        _highWater?.Load();
        _status = new RingStatus { Problem = RingProblem.Missing, Since = _time.GetUtcNow() };
        using (var none = NoRing.Create())
        {
            _ring = new FixedRing(none);
        }

        Refresh();
        if (_status.Problem != RingProblem.None && !options.StartWithoutRing)
        {
            _ring.Dispose();
            throw new RingUnavailableException(_status.Problem, _status.Detail);
        }

        _watch = new DirectoryWatch(_store.Path, Refresh, _log);
        _timer = _time.CreateTimer(_ => Poll(), null, options.PollInterval, options.PollInterval);
    }

    /// <summary>Raised after <see cref="Status"/> has changed: another ring is in force, or what is stored is not taken, or is again. On any thread, one at a time.</summary>
    public event EventHandler<RingStatus>? StatusChanged;

    /// <inheritdoc/>
    public TicketKeyRing Current => _ring.Current;

    /// <summary>Which ring is in force, and why the one that is stored is not, if it is not.</summary>
    public RingStatus Status => Volatile.Read(ref _status);

    /// <summary>When the file was last found to hold the ring in force; <see cref="DateTimeOffset.UnixEpoch"/> if never.</summary>
    public DateTimeOffset LastConfirmed => DateTimeOffset.FromUnixTimeMilliseconds(Volatile.Read(ref _confirmed));

    /// <summary>The full path that was given.</summary>
    public string Path => _store.Path;

    /// <summary>Looks at the file now. It never throws: what is wrong stands in <see cref="Status"/>.</summary>
    public void Refresh()
    {
        lock (_refreshing)
        {
            if (!_disposed)
            {
                var (problem, detail) = Look();
                Report(problem, detail);
            }
        }
    }

    /// <summary>Ends the watch, and gives up the ring: it goes on being given, and seals and opens nothing more.</summary>
    public void Dispose()
    {
        lock (_refreshing)
        {
            _disposed = true;
        }

        _timer.Dispose();
        _watch.Dispose();
        _ring.Dispose();
    }

    /// <summary>As where the system gives no watch: a test of the look alone.</summary>
    internal void EndWatch() => _watch.Dispose();

    private void Poll()
    {
        var before = Current;
        Refresh();
        _watch.Renew(hasMissed: !ReferenceEquals(before, Current));
        WatchTerm();
    }

    private (RingProblem Problem, string Detail) Look()
    {
        try
        {
            using var text = _store.ReadText();
            var digest = System.Security.Cryptography.SHA256.HashData(text.Written);
            if (digest.AsSpan().SequenceEqual(_digestInForce))
            {
                return (RingProblem.None, "");
            }

            using var found = _store.Parse(text);
            var answer = Judge(found);
            _digestInForce = answer.Problem == RingProblem.None ? digest : _digestInForce;
            return answer;
        }
        catch (RingUnavailableException e)
        {
            return (e.Problem, e.Message);
        }
        catch (Exception e)
        {
            // Whatever it is, nodes keep the ring that they have.
            return (RingProblem.Unreadable, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private (RingProblem Problem, string Detail) Judge(TicketKeyRing found)
    {
        if (_highWater?.IsAbove(found) == true)
        {
            return (RingProblem.Older, $"ring {found.Epoch}.{found.Version} is older than what this machine has seen: {_highWater}");
        }

        switch (_ring.Offer(found))
        {
            case RingOrder.Older:
                return (RingProblem.Older, $"ring {found.Epoch}.{found.Version} is older");
            case RingOrder.Conflict:
                return (RingProblem.Conflict, "it has the same epoch and version, and other content: two writers have not seen each other");
            case RingOrder.Newer:
                RaiseHighWater(found);
                break;
        }

        return (RingProblem.None, "");
    }

    private void RaiseHighWater(TicketKeyRing ring)
    {
        try
        {
            _highWater?.Raise(ring);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RingLog.HighWaterNotWritten(_log, e.Message);
        }
    }

    /// <summary>Says what has changed, once.</summary>
    private void Report(RingProblem problem, string detail)
    {
        var now = _time.GetUtcNow();
        var ring = Current;
        var (epoch, version) = NoRing.Is(ring) ? (0, 0) : (ring.Epoch, ring.Version);
        if (problem == RingProblem.None)
        {
            Volatile.Write(ref _confirmed, now.ToUnixTimeMilliseconds());
        }

        var before = _status;
        if (problem == before.Problem && detail == before.Detail && epoch == before.Epoch && version == before.Version)
        {
            return;
        }

        var since = problem == before.Problem && problem != RingProblem.None ? before.Since : now;
        var status = new RingStatus { Problem = problem, Detail = detail, Since = since, Epoch = epoch, Version = version };
        Volatile.Write(ref _status, status);
        Log(before, status, ring);
        Announce(status);
    }

    private void Log(RingStatus before, RingStatus status, TicketKeyRing ring)
    {
        if (status.Problem != RingProblem.None)
        {
            RingLog.Kept(_log, Path, status.Problem, status.Detail, status.Epoch, status.Version);
        }
        else if (status.Epoch != before.Epoch || status.Version != before.Version)
        {
            RingLog.Taken(_log, Path, status.Epoch, status.Version, ring.Keys.Count);
        }
        else
        {
            RingLog.Recovered(_log, Path, status.Epoch, status.Version);
        }
    }

    private void Announce(RingStatus status)
    {
        try
        {
            StatusChanged?.Invoke(this, status);
        }
        catch (Exception e)
        {
            // The watch must not end because somebody who listens is out of order.
            RingLog.ListenerFailed(_log, e);
        }
    }

    /// <summary>That no key seals comes with time alone: said when it begins.</summary>
    private void WatchTerm()
    {
        lock (_refreshing)
        {
            var isSealing = Current.SealingKey(_time.GetUtcNow()) is not null;
            if (_isSealing && !isSealing)
            {
                RingLog.NoKeySeals(_log, Status.Epoch, Status.Version);
            }

            _isSealing = isSealing;
        }
    }
}
