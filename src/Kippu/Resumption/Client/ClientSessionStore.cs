using Kippu.Resumption;

namespace Kippu;

/// <summary>
/// The sessions that a client may resume: bounded in all and for each server, newest first. Sessions are kept by host, port, the policy by which
/// the server was verified, the client's own certificates and the application's partition, and offered only where all of these are the same.
/// </summary>
/// <remarks>
/// Thread-safe; may be shared by several clients. It holds session keys: <see cref="Export"/> writes them in the clear, to whom the application chooses.
/// </remarks>
public sealed class ClientSessionStore
{
    /// <summary>Old sessions that are looked at for each one that is stored. Above one, so that the store can shrink.</summary>
    private const int SweepPerStore = 2;

    private readonly Lock _lock = new();
    private readonly Dictionary<ClientSessionKey, LinkedList<Entry>> _newestFirst = [];
    private readonly LinkedList<Entry> _oldestFirst = new();
    private readonly int _maxSessions;
    private readonly int _maxPerServer;
    private readonly long _maxBytes;
    private long _bytes;
    private long _lastNumber;

    /// <summary>An empty store.</summary>
    /// <param name="maxSessions">The most sessions in all; at least 1. Default 1,024.</param>
    /// <param name="maxPerServer">The most sessions for one server under one policy; at least 1. Default 8.</param>
    /// <param name="maxBytes">The most memory, by an estimate; at least 64 kB. Default 16 MiB.</param>
    public ClientSessionStore(int maxSessions = 1024, int maxPerServer = 8, long maxBytes = 16 * 1024 * 1024)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSessions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPerServer, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 64 * 1024);
        _maxSessions = maxSessions;
        _maxPerServer = maxPerServer;
        _maxBytes = maxBytes;
    }

    /// <summary>Sessions held, expired ones that nobody has met yet included.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _oldestFirst.Count;
            }
        }
    }

    /// <summary>Forgets all sessions and clears their keys.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            while (_oldestFirst.First is { } oldest)
            {
                Drop(oldest.Value);
            }
        }
    }

    /// <summary>
    /// Writes all sessions as JSON (docs/ticket-format.md), <b>their keys in the clear</b>: whoever reads this can take part in, and decrypt, their
    /// connections. A file should be readable by its owner only.
    /// </summary>
    /// <exception cref="IOException">The stream could not be written.</exception>
    public void Export(Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var sessions = new List<KeyValuePair<ClientSessionKey, ClientSession>>();
        lock (_lock)
        {
            sessions.AddRange(_oldestFirst.Select(entry => KeyValuePair.Create(entry.Key, entry.Session.Clone())));
        }

        try
        {
            ClientSessionJson.Write(sessions, destination);
        }
        finally
        {
            sessions.ForEach(session => session.Value.Dispose());
        }
    }

    /// <summary>
    /// Adds the sessions that <see cref="Export"/> wrote, up to the end of the stream, as newer than those held. Strict: whatever is unknown, missing,
    /// repeated or out of range is refused, and nothing is added then. Expired sessions are left out.
    /// </summary>
    /// <param name="source">Only from where nobody else can write: who writes sessions decides whom this client believes to be talking to.</param>
    /// <param name="now">The time.</param>
    /// <returns>How many were added.</returns>
    /// <exception cref="StoredFormatException">The text is no export; the message says what is wrong and where, and never holds a secret.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public int Import(Stream source, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var json = StoredText.ReadAll(source, (int)Math.Min(int.MaxValue / 4, 1024 * 1024 + (2 * _maxBytes)), "sessions");
        var added = 0;
        foreach (var (key, session) in ClientSessionJson.Read(json.Written))
        {
            if (session.IsUsable(now))
            {
                Add(key, session, now);
                added++;
            }
            else
            {
                session.Dispose();
            }
        }

        return added;
    }

    /// <summary>Keeps a session, taking it over, as the newest of its server.</summary>
    internal void Add(ClientSessionKey key, ClientSession session, DateTimeOffset now)
    {
        lock (_lock)
        {
            SweepExpired(now);
            var cost = session.Cost;
            if (cost > _maxBytes)
            {
                session.Dispose();
                return;
            }

            while (_oldestFirst.Count >= _maxSessions || _bytes + cost > _maxBytes)
            {
                Drop(_oldestFirst.First!.Value);
            }

            if (_newestFirst.TryGetValue(key, out var ofServer) && ofServer.Count >= _maxPerServer)
            {
                Drop(ofServer.Last!.Value);
            }

            session.Number = ++_lastNumber;
            Insert(new Entry(key, session, cost));
        }
    }

    /// <summary>The newest usable session for this key, as a clone that the caller disposes; null if there is none. Sessions that have expired are dropped.</summary>
    internal ClientSession? Find(ClientSessionKey key, DateTimeOffset now) => Find(key, now, take: false);

    /// <summary>As <see cref="Find(ClientSessionKey, DateTimeOffset)"/>, and removes it: for tickets that are used once (RFC 8446 §C.4).</summary>
    internal ClientSession? Take(ClientSessionKey key, DateTimeOffset now) => Find(key, now, take: true);

    /// <summary>Forgets all sessions of a server: one of them was refused, and the others are of the same age.</summary>
    internal void RemoveAll(ClientSessionKey key)
    {
        lock (_lock)
        {
            while (_newestFirst.TryGetValue(key, out var ofServer))
            {
                Drop(ofServer.First!.Value);
            }
        }
    }

    /// <summary>Forgets one session: it was refused, or replaced, or its connection ended in a fatal alert (RFC 5246 §7.2.2).</summary>
    internal void Remove(ClientSessionKey key, ClientSession session)
    {
        lock (_lock)
        {
            if (_newestFirst.TryGetValue(key, out var ofServer) && ofServer.FirstOrDefault(entry => entry.Session.Number == session.Number) is { } entry)
            {
                Drop(entry);
            }
        }
    }

    /// <summary>Remembers what the handshake found out about the certificate's name, so that it need not look again.</summary>
    internal void MarkServerNameChecked(ClientSessionKey key, ClientSession session)
    {
        lock (_lock)
        {
            if (_newestFirst.TryGetValue(key, out var ofServer) && ofServer.FirstOrDefault(entry => entry.Session.Number == session.Number) is { } entry)
            {
                entry.Session.IsServerNameChecked = true;
            }
        }
    }

    private ClientSession? Find(ClientSessionKey key, DateTimeOffset now, bool take)
    {
        lock (_lock)
        {
            while (_newestFirst.TryGetValue(key, out var ofServer))
            {
                var newest = ofServer.First!.Value;
                if (newest.Session.IsUsable(now))
                {
                    var found = newest.Session.Clone();
                    if (take)
                    {
                        Drop(newest);
                    }

                    return found;
                }

                Drop(newest);
            }

            return null;
        }
    }

    private void Insert(Entry entry)
    {
        if (!_newestFirst.TryGetValue(entry.Key, out var ofServer))
        {
            ofServer = new LinkedList<Entry>();
            _newestFirst.Add(entry.Key, ofServer);
        }

        entry.InServer = ofServer.AddFirst(entry);
        entry.InAll = _oldestFirst.AddLast(entry);
        _bytes += entry.Cost;
    }

    private void SweepExpired(DateTimeOffset now)
    {
        for (var i = 0; i < SweepPerStore && _oldestFirst.First is { } oldest && !oldest.Value.Session.IsUsable(now); i++)
        {
            Drop(oldest.Value);
        }
    }

    private void Drop(Entry entry)
    {
        var ofServer = entry.InServer!.List!;
        ofServer.Remove(entry.InServer);
        if (ofServer.Count == 0)
        {
            _newestFirst.Remove(entry.Key);
        }

        _oldestFirst.Remove(entry.InAll!);
        _bytes -= entry.Cost;
        entry.Session.Dispose();
    }

    private sealed class Entry(ClientSessionKey key, ClientSession session, int cost)
    {
        public ClientSessionKey Key { get; } = key;

        public ClientSession Session { get; } = session;

        public int Cost { get; } = cost;

        public LinkedListNode<Entry>? InServer { get; set; }

        public LinkedListNode<Entry>? InAll { get; set; }
    }
}
