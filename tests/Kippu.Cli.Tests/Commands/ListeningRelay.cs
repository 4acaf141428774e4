using System.Net;
using System.Net.Sockets;
using Kippu.Cli.Wire;

namespace Kippu.Cli.Tests.Commands;

/// <summary>Somebody on the way from clients to a server of this machine who keeps what each client says first.</summary>
internal sealed class ListeningRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _serverPort;
    private readonly List<WireLog> _logs = [];
    private readonly Task _accepting;

    public ListeningRelay(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Target => $"localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>One for each connection, in their order.</summary>
    public IReadOnlyList<byte[]> FirstFlights => [.. _logs.Select(log => log.FirstFlight)];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                using var server = new TcpClient("127.0.0.1", _serverPort);
                var log = new WireLog(TimeProvider.System);
                _logs.Add(log);
                await Task.WhenAll(PassOnAsync(client, server, log, fromClient: true), PassOnAsync(server, client, log, fromClient: false));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Disposed.
        }
    }

    private static async Task PassOnAsync(TcpClient from, TcpClient to, WireLog log, bool fromClient)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            for (var count = 0; (count = await from.GetStream().ReadAsync(buffer)) > 0;)
            {
                log.Add(fromClient, buffer.AsSpan(0, count));
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }

            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidOperationException)
        {
            // One side has gone without a word: so does the other.
            to.Close();
            from.Close();
        }
    }
}
