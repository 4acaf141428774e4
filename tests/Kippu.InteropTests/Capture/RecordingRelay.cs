using System.Net;
using System.Net.Sockets;

namespace Kippu.InteropTests.Capture;

/// <summary>
/// Stands between a client and one or more servers, passes bytes on as they come and writes them to a capture file: the wire seen by neither of the two sides,
/// without a privilege to capture packets.
/// </summary>
internal sealed class RecordingRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<int, int> _serverPort;
    private readonly PcapFile _file;
    private readonly Stream? _fromClients;
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;

    /// <param name="file">Where the bytes go.</param>
    /// <param name="serverPort">The server's port for the connection of this number (0, 1, ...).</param>
    /// <param name="fromClients">Gets what the clients say, as it is; for one connection at a time.</param>
    public RecordingRelay(PcapFile file, Func<int, int> serverPort, Stream? fromClients = null)
    {
        _fromClients = fromClients;
        _file = file;
        _serverPort = serverPort;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect.</summary>
    public int Port { get; }

    /// <summary>Waits until both sides have closed every connection so far: then the capture holds all that was said.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        Task all;
        lock (_connections)
        {
            all = Task.WhenAll(_connections);
        }

        await all.WaitAsync(cancellationToken);
        _file.Flush();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            for (var number = 0; ; number++)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                var serverPort = _serverPort(number);
                lock (_connections)
                {
                    _connections.Add(Task.Run(() => RelayAsync(client, serverPort)));
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            // Disposed.
        }
    }

    private async Task RelayAsync(Socket client, int serverPort)
    {
        using (client)
        using (var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })
        {
            client.NoDelay = true;
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, serverPort, _stop.Token);
                var connection = _file.Open();
                await Task.WhenAll(PassOnAsync(connection, client, server, fromClient: true), PassOnAsync(connection, server, client, fromClient: false));
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException)
            {
                // One of the two is gone: so is the connection.
            }
        }
    }

    private async Task PassOnAsync(int connection, Socket from, Socket to, bool fromClient)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var read = await from.ReceiveAsync(buffer, _stop.Token);
                if (read == 0)
                {
                    _file.End(connection, fromClient);
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                if (fromClient)
                {
                    _fromClients?.Write(buffer, 0, read);
                }

                _file.Data(connection, fromClient, buffer.AsSpan(0, read));
                await to.SendAsync(buffer.AsMemory(0, read), _stop.Token);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // A reset: the other direction ends with it, and finds its sockets closed.
            to.Close();
            from.Close();
        }
    }
}
