using System.Net;
using System.Net.Sockets;

namespace Kippu.InteropTests.Ours;

/// <summary>Our server, driven by hand: one connection after the other, early data told from late.</summary>
internal sealed class EarlyDataHost : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TlsServer _server;

    public EarlyDataHost(TlsServer server)
    {
        _server = server;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    public int Port { get; }

    /// <summary>Takes a connection, and answers once a GET has come, early or late.</summary>
    public async Task<Visit> AnswerAsync(CancellationToken cancellationToken)
    {
        using var tcp = await _listener.AcceptTcpClientAsync(cancellationToken);
        using var driven = new DrivenConnection(_server.CreateConnection(), tcp.GetStream());
        try
        {
            await AnswerAsync(driven, cancellationToken);
        }
        catch (TlsException) when (!driven.Connection.IsConnected)
        {
            // A replay: what its client said later does not fit. What came early is the question.
        }

        return new Visit(driven.Early, driven.Late, driven.Connection.IsConnected ? driven.Connection.Info : null);
    }

    /// <summary>The same, as often as this, one after the other.</summary>
    public async Task<IReadOnlyList<Visit>> AnswerAsync(int connections, CancellationToken cancellationToken)
    {
        List<Visit> visits = [];
        while (visits.Count < connections)
        {
            visits.Add(await AnswerAsync(cancellationToken));
        }

        return visits;
    }

    public void Dispose() => _listener.Stop();

    private static async Task AnswerAsync(DrivenConnection driven, CancellationToken cancellationToken)
    {
        if (await driven.RunUntilAsync(() => driven.Connection.IsConnected && IsRequest((driven.Early + driven.Late).ReplaceLineEndings("\n")), cancellationToken))
        {
            await driven.WriteAsync("HTTP/1.0 200 OK\r\n\r\nKippu\n", cancellationToken);
            await driven.CloseAsync(cancellationToken);
            await driven.RunUntilAsync(() => false, cancellationToken);
        }
    }

    /// <summary>A header, or a line that names no version of HTTP.</summary>
    private static bool IsRequest(string text) => text.Contains("\n\n", StringComparison.Ordinal) || (text.EndsWith('\n') && !text.Contains(" HTTP/", StringComparison.Ordinal));

    /// <param name="Early">What the application got before the handshake was complete.</param>
    /// <param name="Late">What it got after.</param>
    /// <param name="Info">Null if the handshake was not completed.</param>
    internal sealed record Visit(string Early, string Late, TlsConnectionInfo? Info);
}
