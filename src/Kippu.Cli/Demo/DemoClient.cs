using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Kippu.Cli.Ladders;
using Kippu.Cli.Tls;
using Kippu.Cli.Wire;

namespace Kippu.Cli.Demo;

/// <summary>The client of the demo. It believes to talk to one service, whichever node it reaches: as a client does whose connections a balancer distributes.</summary>
internal sealed class DemoClient
{
    private static readonly byte[] s_ping = "Which ticket, please?"u8.ToArray();

    private readonly TimeProvider _time;
    private readonly HandshakeRecorder _recorder;
    private readonly TlsClient _client;

    public DemoClient(DemoFleet fleet, bool useTickets = true, ClientSessionStore? sessions = null)
    {
        _time = fleet.Clock;
        _recorder = new HandshakeRecorder(isClient: true, fleet.Clock);
        var options = new TlsClientOptions
        {
            UseTickets = useTickets,
            SessionStore = sessions,
            Observer = _recorder,
            KeyLog = fleet.KeyLog is { } keyLog ? keyLog.Add : null,
            TimeProvider = fleet.Clock,
        };
        options.ServerVerification.CustomTrustRoots = [fleet.Authority.Certificate];
        options.ApplicationProtocols.Add(SslApplicationProtocol.Http11);
        _client = new TlsClient(options);
    }

    public ClientSessionStore Sessions => _client.SessionStore;

    /// <summary>Connects, says a word, hears it back, and takes its leave.</summary>
    public async Task<(EndView View, TimeSpan Time)> ConnectAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var wire = new WireLog(_time);
        await socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
        await using var tls = new TlsStream(new WireTap(new NetworkStream(socket, ownsSocket: true), wire, isClient: true), leaveInnerStreamOpen: false);
        var start = _time.GetTimestamp();
        await tls.AuthenticateAsClientAsync(_client, new TlsTarget(DemoFleet.ServiceName), cancellationToken).ConfigureAwait(false);
        var elapsed = _time.GetElapsedTime(start);
        wire.Freeze();
        var view = EndView.Of(tls, new HandshakeTrace(_recorder.Take(tls.Connection.Number), wire));
        await EchoAsync(tls, cancellationToken).ConfigureAwait(false);
        return (view, elapsed);
    }

    private static async Task EchoAsync(TlsStream tls, CancellationToken cancellationToken)
    {
        await tls.WriteAsync(s_ping, cancellationToken).ConfigureAwait(false);
        await tls.FlushAsync(cancellationToken).ConfigureAwait(false);
        var answer = new byte[s_ping.Length];
        await tls.ReadExactlyAsync(answer, cancellationToken).ConfigureAwait(false);
        if (!answer.AsSpan().SequenceEqual(s_ping))
        {
            throw new IOException("the node gave other bytes back than it got");
        }

        await tls.ShutdownAsync(cancellationToken).ConfigureAwait(false);
    }
}
