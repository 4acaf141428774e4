using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Kippu.Cli.Fleet;

/// <summary>
/// A balancer of layer 4 in front of the nodes: one address, each connection to the next node that serves, bytes as they are. It knows nothing of TLS.
/// </summary>
internal sealed class RoundRobin : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private readonly IReadOnlyList<FleetNode> _nodes;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<int, (FleetNode Node, NodeProcess Process)> _routes = new();
    private readonly Task _accepting;
    private int _turn;

    public RoundRobin(IReadOnlyList<FleetNode> nodes)
    {
        _nodes = nodes;
        _listener.Start(backlog: 512);
        Address = (IPEndPoint)_listener.LocalEndpoint;
        _accepting = AcceptAsync();
    }

    public IPEndPoint Address { get; }

    /// <summary>Where the connection from this port of the client's went, asked once; null if it went nowhere.</summary>
    public (FleetNode Node, NodeProcess Process)? TakeRoute(int port) => _routes.TryRemove(port, out var route) ? route : null;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        _stop.Dispose();
    }

    private static async Task PumpAsync(Socket from, Socket to, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            {
                await to.SendAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // A reset is passed on as one: a client must not take it for an end in order.
            from.Close(0);
            to.Close(0);
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token).ConfigureAwait(false);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                var (node, process, stay, server) = await DialAsync().ConfigureAwait(false);
                using (stay)
                using (server)
                {
                    _routes[((IPEndPoint)client.RemoteEndPoint!).Port] = (node, process);
                    await Task.WhenAll(PumpAsync(client, server, _stop.Token), PumpAsync(server, client, _stop.Token)).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The client is gone, or everything is over.
            }
        }
    }

    /// <summary>The next node that takes the connection: one that refuses it is passed over, as a balancer does.</summary>
    private async Task<(FleetNode Node, NodeProcess Process, IDisposable Stay, Socket Server)> DialAsync()
    {
        while (true)
        {
            for (var i = 0; i < _nodes.Count; i++)
            {
                var node = _nodes[(int)((uint)Interlocked.Increment(ref _turn) % (uint)_nodes.Count)];
                if (node.Serving is not { } process)
                {
                    continue;
                }

                var stay = process.Enter();
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await server.ConnectAsync(IPAddress.Loopback, process.Port, _stop.Token).ConfigureAwait(false);
                    return (node, process, stay, server);
                }
                catch (Exception e) when (e is SocketException or OperationCanceledException)
                {
                    server.Dispose();
                    stay.Dispose();
                }
            }

            await Task.Delay(s_pause, _stop.Token).ConfigureAwait(false);
        }
    }
}
