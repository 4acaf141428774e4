using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kippu.InteropTests.Ours;

/// <summary>Our server at a real socket: takes connections, answers a GET, closes in order, remembers what was negotiated.</summary>
internal sealed class KippuHost : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly IReadOnlyList<TlsServer> _servers;
    private readonly List<Task<HostedConnection>> _connections = [];
    private readonly Task _accepting;

    /// <param name="servers">The server for the first connection, the second and so on; the last one takes all that follow.</param>
    public KippuHost(params IReadOnlyList<TlsServer> servers)
    {
        _servers = servers;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>HTML that every GET is answered with. Null: a line of plain text.</summary>
    public string? Page { get; init; }

    private byte[] Response
    {
        get
        {
            var (type, body) = Page is null ? ("text/plain", "Kippu\n") : ("text/html", Page);
            return Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
        }
    }

    /// <summary>What became of the connections so far, once they have ended.</summary>
    public async Task<IReadOnlyList<HostedConnection>> ConnectionsAsync(CancellationToken cancellationToken)
    {
        Task<HostedConnection[]> all;
        lock (_connections)
        {
            all = Task.WhenAll(_connections);
        }

        return await all.WaitAsync(cancellationToken);
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
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                var server = _servers[Math.Min(number, _servers.Count - 1)];
                lock (_connections)
                {
                    _connections.Add(Task.Run(() => ServeAsync(socket, server)));
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            // Disposed.
        }
    }

    private async Task<HostedConnection> ServeAsync(Socket socket, TlsServer server)
    {
        TlsConnectionInfo? info = null;
        try
        {
            await using var stream = new TlsStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsServerAsync(server, _stop.Token);
            info = stream.Info;
            var connection = new HostedConnection(info, info.PeerCertificate?.Subject, null);
            if (await ReadRequestAsync(stream))
            {
                await stream.WriteAsync(Response, _stop.Token);
            }

            await SayGoodbyeAsync(stream);
            return connection;
        }
        catch (Exception failure) when (failure is TlsException or IOException or SocketException or OperationCanceledException)
        {
            return new HostedConnection(info, null, failure);
        }
    }

    /// <summary>The client has had all it wanted, and may have gone without waiting for more: haproxy does at times.</summary>
    private async Task SayGoodbyeAsync(TlsStream stream)
    {
        try
        {
            await stream.ShutdownAsync(_stop.Token);
            await WaitForEndAsync(stream);
        }
        catch (IOException gone) when (gone.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown })
        {
        }
    }

    /// <summary>Reads to the end of the request's header (or of its only line, if that names no version of HTTP).</summary>
    /// <returns>False if the client wants nothing.</returns>
    private async Task<bool> ReadRequestAsync(TlsStream stream)
    {
        var request = new StringBuilder();
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer, _stop.Token) is > 0 and var read)
        {
            request.Append(Encoding.ASCII.GetString(buffer, 0, read));
            var text = request.ToString().ReplaceLineEndings("\n");
            if (text.Contains("\n\n", StringComparison.Ordinal) || (text.EndsWith('\n') && !text.Contains(" HTTP/", StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return request.Length > 0;
    }

    /// <summary>Lets the client close first, so that no reset overtakes the last bytes.</summary>
    private async Task WaitForEndAsync(TlsStream stream)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(s_patience);
        var buffer = new byte[256];
        try
        {
            while (await stream.ReadAsync(buffer, limit.Token) > 0)
            {
                // Nothing more is expected of it.
            }
        }
        catch (Exception end) when (end is TlsException or IOException or OperationCanceledException)
        {
            // It left without close_notify, or had not left after a while: the connection has served its purpose.
        }
    }
}
