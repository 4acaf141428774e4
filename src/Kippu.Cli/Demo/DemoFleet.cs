using System.Net.Security;
using Kippu.Cli.Ladders;
using Kippu.Cli.Tls;

namespace Kippu.Cli.Demo;

/// <summary>
/// Two nodes that share nothing but a ring: each reads it from the same bytes, as it would from a file. Certificates, session caches and engines are each node's
/// own.
/// </summary>
internal sealed class DemoFleet : IAsyncDisposable
{
    /// <summary>The one name of the service.</summary>
    public const string ServiceName = "shop.example";

    private const string Scope = "kippu-demo";

    private readonly NodeKeys _ofA;
    private readonly NodeKeys _ofB;
    private TicketKeyRing _ring;

    private DemoFleet(int portOfA, int portOfB, KeyLogFile? keyLog)
    {
        KeyLog = keyLog;
        Authority = new SelfMadeAuthority(Clock.GetUtcNow());
        _ring = TicketKeyRing.Create(Clock.GetUtcNow(), Schedule);
        _ofA = Keys("A");
        _ofB = Keys("B");
        A = Node("A", portOfA, _ofA);
        B = Node("B", portOfB, _ofB);
    }

    public DemoClock Clock { get; } = new();

    public SelfMadeAuthority Authority { get; }

    public KeyLogFile? KeyLog { get; }

    public DemoNode A { get; }

    public DemoNode B { get; }

    /// <summary>A key seals for six hours, so that within the story another one has taken over.</summary>
    public static RotationSchedule Schedule { get; } = RotationSchedule.Default with { Interval = TimeSpan.FromHours(6) };

    public static DemoFleet Start(int portOfA, int portOfB, KeyLogFile? keyLog) => new(portOfA, portOfB, keyLog);

    /// <summary>Opens the tickets of both nodes: it has the ring.</summary>
    public TicketInspector Inspector() => new(_ofA.Ring, A.Server.SessionScope);

    /// <summary>The key that seals now is withdrawn, and no other takes its place.</summary>
    public TicketKeyId RevokeSealingKey()
    {
        var now = Clock.GetUtcNow();
        var key = _ring.SealingKey(now)!.Id;
        Distribute(_ring.Revoke(key, now, Schedule));
        return key;
    }

    /// <summary>What the rule of rotation makes of the ring: a new key, which seals once every node has had the time to read it. That time then passes.</summary>
    public void Rotate()
    {
        Distribute(_ring.Next(Clock.GetUtcNow(), Schedule));
        Clock.Advance(Schedule.Propagation + TimeSpan.FromMinutes(1));
    }

    /// <summary>A node is started again with other options; it keeps its port and its certificate, and forgets everything else.</summary>
    public void Reconfigure(DemoNode node, Action<TlsServerOptions>? change = null)
    {
        node.Server.Dispose();
        node.Server = Server(node == A ? _ofA : _ofB, node.Recorder, change);
    }

    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync().ConfigureAwait(false);
        await B.DisposeAsync().ConfigureAwait(false);
        _ofA.Dispose();
        _ofB.Dispose();
        _ring.Dispose();
        Authority.Dispose();
    }

    private static TicketKeyRing Copy(TicketKeyRing ring)
    {
        using var bytes = new MemoryStream();
        ring.Save(bytes);
        return TicketKeyRing.Load(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private DemoNode Node(string name, int port, NodeKeys keys)
    {
        var recorder = new HandshakeRecorder(isClient: false, Clock);
        return new DemoNode(name, port, Clock, recorder, Server(keys, recorder, change: null));
    }

    private NodeKeys Keys(string name) => new(new FixedRing(Copy(_ring)), Authority.Issue(ServiceName, $"node-{name.ToLowerInvariant()}.{ServiceName}"));

    private TlsServer Server(NodeKeys keys, HandshakeRecorder recorder, Action<TlsServerOptions>? change)
    {
        var options = new TlsServerOptions
        {
            ScopeName = Scope,
            Tickets = new TicketOptions { Ring = keys.Ring },
            SessionCache = new MemorySessionCache(timeProvider: Clock),
            Observer = recorder,
            TimeProvider = Clock,
        };
        options.Credentials.Add(keys.Credential);
        options.ApplicationProtocols.Add(SslApplicationProtocol.Http11);
        change?.Invoke(options);
        return new TlsServer(options);
    }

    private void Distribute(TicketKeyRing ring)
    {
        _ring.Dispose();
        _ring = ring;
        foreach (var node in new[] { _ofA, _ofB })
        {
            using var copy = Copy(ring);
            if (node.Ring.Offer(copy) != RingOrder.Newer)
            {
                throw new InvalidOperationException("a node did not take the new ring");
            }
        }
    }

    /// <summary>What a node keeps when it is started again.</summary>
    private sealed record NodeKeys(FixedRing Ring, TlsCredential Credential) : IDisposable
    {
        public void Dispose()
        {
            Ring.Dispose();
            Credential.Dispose();
        }
    }
}
