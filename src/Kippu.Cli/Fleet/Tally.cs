namespace Kippu.Cli.Fleet;

/// <summary>What became of all connections.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class Tally(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private readonly Dictionary<PairKey, PairCount> _pairs = [];
    private readonly Dictionary<char, NodeCount> _nodes = [];
    private readonly List<Visit> _failures = [];
    private readonly List<string> _contradictions = [];
    private TimeSpan _oldest;
    private int _connections;

    /// <summary>Since the first connection.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    public async Task AddAsync(Func<TimeSpan, Task<Visit>> visit) => Add(await visit(Elapsed).ConfigureAwait(false));

    public void Add(Visit visit)
    {
        lock (_lock)
        {
            _connections++;
            if (visit.Acceptor is { } acceptor)
            {
                CountAt(NodeOf(acceptor), visit);
                CountPair(visit, acceptor);
            }

            if (visit.Failure is not null)
            {
                _failures.Add(visit);
            }

            if (visit.Answer is { } answer && Contradiction(visit, answer) is { } contradiction)
            {
                _contradictions.Add(contradiction);
            }
        }
    }

    /// <summary>As it is now.</summary>
    public TallySnapshot Look()
    {
        lock (_lock)
        {
            return new TallySnapshot
            {
                Connections = _connections,
                Pairs = _pairs.ToDictionary(pair => pair.Key, pair => pair.Value.Plus(new PairCount())),
                Nodes = _nodes.ToDictionary(
                    node => node.Key,
                    node => new NodeCount { Resumed = node.Value.Resumed, New = node.Value.New, Refused = node.Value.Refused, Failed = node.Value.Failed, Ring = node.Value.Ring }),
                Failures = [.. _failures],
                Contradictions = [.. _contradictions],
                OldestResumed = _oldest,
            };
        }
    }

    /// <summary>Both ends and the wire must agree, or one of them is not to be believed.</summary>
    private static string? Contradiction(Visit visit, NodeAnswer answer) =>
        !answer.IsKippu ? $"node {answer.Node} answered by SslStream"
        : answer.Resumed != visit.Resumed ? $"node {answer.Node} says {(answer.Resumed ? "resumed" : "full")}, the client says {(visit.Resumed ? "resumed" : "full")}"
        : visit.Resumed && !visit.IsAttempt ? $"node {answer.Node} resumed, and the ClientHello had no ticket"
        : visit is { IsAttempt: true, Issuer: null } ? "a client brought a ticket, and it is not known who issued it"
        : null;

    private static void CountAt(NodeCount node, Visit visit)
    {
        if (visit.Answer is not { } answer)
        {
            node.Failed++;
            return;
        }

        node.Ring = answer.Ring;
        if (visit.Resumed)
        {
            node.Resumed++;
        }
        else if (visit.IsAttempt)
        {
            node.Refused++;
        }
        else
        {
            node.New++;
        }
    }

    private void CountPair(Visit visit, char acceptor)
    {
        if (visit is not { IsAttempt: true, Issuer: { } issuer })
        {
            return;
        }

        var key = new PairKey(issuer, acceptor, visit.Version);
        if (!_pairs.TryGetValue(key, out var pair))
        {
            _pairs.Add(key, pair = new PairCount());
        }

        pair.Attempts++;
        if (visit.Answer is not { } answer)
        {
            pair.Failed++;
        }
        else if (visit.Resumed)
        {
            pair.Resumed++;
            _oldest = visit.TicketAge > _oldest ? visit.TicketAge.Value : _oldest;
        }
        else
        {
            var reason = answer.Refusal.ToString();
            pair.Refused[reason] = pair.Refused.GetValueOrDefault(reason) + 1;
        }
    }

    private NodeCount NodeOf(char name)
    {
        if (!_nodes.TryGetValue(name, out var node))
        {
            _nodes.Add(name, node = new NodeCount());
        }

        return node;
    }
}
