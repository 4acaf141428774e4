
namespace Kippu.Fleet;

/// <summary>
/// The ring in a file, for those who may change it. A file is replaced as a whole (a new one beside it, flushed, renamed; 0600), by one process of this machine at
/// a time: FILE.lock is locked meanwhile. Processes of several machines need a file system that carries locks between them.
/// </summary>
/// <remarks>Thread-safe. Operator keys are read from their files for each use, so a file that was replaced counts at once.</remarks>
public sealed class FileRingStore : IRingStore
{
    private readonly string _path;
    private readonly FileRingOptions _options;

    /// <summary>Reads nothing yet.</summary>
    /// <param name="path">The file, or a directory with one <c>*.ring</c> in it.</param>
    /// <param name="options">The operator keys; null: a ring that is not sealed.</param>
    public FileRingStore(string path, FileRingOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = System.IO.Path.GetFullPath(path);
        _options = options ?? new FileRingOptions();
    }

    /// <summary>The full path that was given.</summary>
    public string Path => _path;

    /// <summary>Is told of each step of a write before it is taken; a test stops there.</summary>
    internal Action<WriteStep>? BeforeStep { get; set; }

    /// <summary>The ring that is stored now. The caller owns it, and disposes it.</summary>
    /// <exception cref="RingUnavailableException">There is none, or it cannot be read or opened.</exception>
    public TicketKeyRing Read()
    {
        using var text = ReadText();
        return Parse(text);
    }

    /// <summary>
    /// Ids, times and states without the operator key: what comes back can be read, and neither seals, opens nor is saved. Whether it has been altered is not
    /// known. The same as <see cref="Read"/> for a ring that is not sealed.
    /// </summary>
    /// <param name="operatorKeyId">Names the operator key that sealed it; null if it is not sealed.</param>
    /// <exception cref="RingUnavailableException">There is none, or it cannot be read.</exception>
    public TicketKeyRing ReadUnverified(out string? operatorKeyId)
    {
        using var text = ReadText();
        operatorKeyId = SealedRing.IsSealed(text.Written) ? SealedRing.OperatorKeyIdOf(text.WrittenMemory) : null;
        return operatorKeyId is null ? ParseClear(text.Written) : SealedRing.ReadUnverified(text.WrittenMemory);
    }

    /// <inheritdoc/>
    public ValueTask<TicketKeyRing> ReadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read());
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryReplaceAsync(TicketKeyRing expected, TicketKeyRing successor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(successor);
        if (expected.Judge(successor) != RingOrder.Newer)
        {
            throw new ArgumentException($"{successor} is not newer than {expected}", nameof(successor));
        }

        var target = RingLocation.TargetOf(_path);
        using var claim = await FileLock.TakeAsync(target, cancellationToken).ConfigureAwait(false);
        using (var found = Read())
        {
            if (expected.Judge(found) != RingOrder.Same)
            {
                return false;
            }
        }

        Write(target, successor);
        return true;
    }

    /// <summary>Stores a first ring.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="overwrite">Puts it in the place of whatever is there, even of what cannot be read.</param>
    /// <param name="cancellationToken">Ends the wait for other writers.</param>
    /// <exception cref="IOException">There is one already, or it cannot be written.</exception>
    public async ValueTask CreateAsync(TicketKeyRing ring, bool overwrite = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ring);
        var target = RingLocation.TargetOf(_path);
        using var claim = await FileLock.TakeAsync(target, cancellationToken).ConfigureAwait(false);
        if (!overwrite && File.Exists(target))
        {
            throw new IOException($"{target} exists");
        }

        Write(target, ring);
    }

    /// <summary>Writes the ring anew if it is not sealed by the first operator key: what it holds stays as it is, and nodes that have it notice nothing.</summary>
    /// <returns>True if it was written.</returns>
    /// <exception cref="RingUnavailableException">It cannot be read or opened.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public async ValueTask<bool> SealAnewAsync(CancellationToken cancellationToken = default)
    {
        var target = RingLocation.TargetOf(_path);
        using var claim = await FileLock.TakeAsync(target, cancellationToken).ConfigureAwait(false);
        using var text = ReadText();
        var by = SealedRing.IsSealed(text.Written) ? SealedRing.OperatorKeyIdOf(text.WrittenMemory) : null;
        if (_options.OperatorKeyFiles.Count == 0 || by == OperatorKeyFile.IdOf(_options.OperatorKeyFiles[0]))
        {
            return false;
        }

        using var ring = Parse(text);
        Write(target, ring);
        return true;
    }

    /// <summary>The text of the ring, as it is stored: at most <see cref="RingSize.Max"/> bytes of it.</summary>
    internal SecretBuffer ReadText()
    {
        var file = RingLocation.FileOf(_path);
        SecretBuffer? text = null;
        try
        {
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            text = new SecretBuffer((int)Math.Min(RandomAccess.GetLength(handle), RingSize.Max) + 1);
            int count;
            while ((count = RandomAccess.Read(handle, text.GetSpan(), text.Written.Length)) > 0)
            {
                text.Advance(count);
            }

            return text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            text?.Dispose();
            throw e is FileNotFoundException or DirectoryNotFoundException
                ? new RingUnavailableException(RingProblem.Missing, $"there is no ring in {file}", e)
                : new RingUnavailableException(RingProblem.Unreadable, $"{file} cannot be read: {e.Message}", e);
        }
    }

    internal TicketKeyRing Parse(SecretBuffer text)
    {
        if (!SealedRing.IsSealed(text.Written))
        {
            return _options.OperatorKeyFiles.Count == 0 || _options.AcceptPlain
                ? ParseClear(text.Written)
                : throw new RingUnavailableException(RingProblem.NotSealed, "it is not sealed, and an operator key was given: anyone could have put it there");
        }

        using var keys = new OperatorKeySet([.. _options.OperatorKeyFiles]);
        return SealedRing.Open(text.WrittenMemory, keys);
    }

    private static TicketKeyRing ParseClear(ReadOnlySpan<byte> text)
    {
        try
        {
            return TicketKeyRing.Load(text);
        }
        catch (StoredFormatException e)
        {
            throw new RingUnavailableException(RingProblem.Malformed, e.Message, e);
        }
    }

    /// <summary>Only with the lock.</summary>
    private void Write(string target, TicketKeyRing ring)
    {
        AtomicFile.RemoveLeftovers(target);
        if (_options.OperatorKeyFiles.Count == 0)
        {
            using var clear = SecretBuffer.Of(ring);
            AtomicFile.Replace(target, clear.Written, BeforeStep);
            return;
        }

        using var key = OperatorKey.Load(_options.OperatorKeyFiles[0]);
        using var text = new SecretBuffer(RingSize.Max);
        SealedRing.Write(ring, key, text);
        AtomicFile.Replace(target, text.Written, BeforeStep);
    }
}
