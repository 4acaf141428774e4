using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Kippu.Cli.Ladders;
using Kippu.Cli.Tls;
using Kippu.Cli.Wire;

namespace Kippu.Cli.Demo;

/// <summary>One server of the demo: a real socket on the loopback interface, and an engine that the script may exchange.</summary>
internal sealed class DemoNode : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly TimeProvider _time;
    private readonly Channel<EndView> _served = Channel.CreateUnbounded<EndView>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    /// <param name="name">What the story calls it.</param>
    /// <param name="port">0: any.</param>
    /// <param name="time">The demo's clock.</param>
    /// <param name="recorder">Observes <paramref name="server"/>, and those that may follow it.</param>
    /// <param name="server">Its engine.</param>
    public DemoNode(string name, int port, TimeProvider time, HandshakeRecorder recorder, TlsServer server)
    {
        Name = name;
        Recorder = recorder;
        Server = server;
        _time = time;
        _listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            _listener.Start();
        }
        catch (SocketException e)
        {
            throw new CommandFault(ExitCodes.NotMeasured, $"node {name} cannot listen on port {port}: {e.Message}", "Choose other --ports, or none: free ones are taken then.", e);
        }

        _accepting = AcceptAsync();
    }

    public string Name { get; }

    public HandshakeRecorder Recorder { get; }

    public TlsServer Server { get; set; }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>The port of a relay in front of it; 0: there is none.</summary>
    public int RelayPort { get; set; }

    /// <summary>Connects to the node, or to the relay in front of it.</summary>
    /// <exception cref="CommandFault">There is no relay.</exception>
    public async Task<Socket> DialAsync(CancellationToken cancellationToken)
    {
        var door = RelayPort == 0 ? Address : new IPEndPoint(IPAddress.Loopback, RelayPort);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(door, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch (SocketException e) when (RelayPort != 0)
        {
            socket.Dispose();
            throw new CommandFault(ExitCodes.NotMeasured, $"--via: no relay to node {Name} on {door}: {e.Message}", "Start the relays first; each passes on to the port of its node (--ports).", e);
        }
    }

    /// <summary>The next handshake, as this node saw it.</summary>
    public ValueTask<EndView> NextAsync(CancellationToken cancellationToken) => _served.Reader.ReadAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Stop();
        await _accepting.ConfigureAwait(false);
        _listener.Dispose();
        _stop.Dispose();
        Server.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await ServeAsync(await _listener.AcceptSocketAsync(_stop.Token).ConfigureAwait(false)).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            _served.Writer.TryComplete();
        }
        catch (Exception e)
        {
            // The script waits for this node's view, and gets the reason why there is none.
            _served.Writer.TryComplete(e);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        var wire = new WireLog(_time);
        await using var tls = new TlsChannel(new WireTap(new NetworkStream(socket, ownsSocket: true), wire, isClient: false), Recorder);
        try
        {
            await tls.AcceptAsync(Server, _stop.Token).ConfigureAwait(false);
        }
        catch (TlsException e) when (e.Fault == TlsFault.Truncated)
        {
            // A client that hangs up before the end: so do replays.
            wire.Freeze();
            _served.Writer.TryWrite(new EndView(TraceOf(tls, wire), null, [], tls.EarlyData.Length));
            return;
        }

        wire.Freeze();
        _served.Writer.TryWrite(EndView.Of(tls, TraceOf(tls, wire), tls.EarlyData.Length));

        // Application data both ways: the keys work. Early data is answered now that it is known whose it is.
        if (!tls.EarlyData.IsEmpty)
        {
            await tls.Stream.WriteAsync(tls.EarlyData, _stop.Token).ConfigureAwait(false);
        }

        var buffer = new byte[64];
        for (var count = 0; (count = await tls.Stream.ReadAsync(buffer, _stop.Token).ConfigureAwait(false)) > 0;)
        {
            await tls.Stream.WriteAsync(buffer.AsMemory(0, count), _stop.Token).ConfigureAwait(false);
            await tls.Stream.FlushAsync(_stop.Token).ConfigureAwait(false);
        }

        await tls.ShutdownAsync(_stop.Token).ConfigureAwait(false);
    }

    private HandshakeTrace TraceOf(TlsChannel tls, WireLog wire) => new(Recorder.Take(tls.ConnectionNumber!.Value), wire);
}
