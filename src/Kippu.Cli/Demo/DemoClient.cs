using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
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
    private readonly bool _sendsEarlyData;

    /// <param name="fleet">Whom it meets.</param>
    /// <param name="version">The one version that it speaks.</param>
    /// <param name="useTickets">Asks for tickets.</param>
    /// <param name="sessions">Sessions that it holds already.</param>
    /// <param name="sendsEarlyData">Sends its word as early data, where a session allows it.</param>
    public DemoClient(DemoFleet fleet, SslProtocols version = SslProtocols.Tls12, bool useTickets = true, ClientSessionStore? sessions = null, bool sendsEarlyData = false)
    {
        _time = fleet.Clock;
        _recorder = new HandshakeRecorder(isClient: true, fleet.Clock);
        _sendsEarlyData = sendsEarlyData;
        var options = new TlsClientOptions
        {
            Protocols = version,
            EnableEarlyData = sendsEarlyData,
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
    public async Task<(EndView View, TimeSpan Time)> ConnectAsync(DemoNode node, CancellationToken cancellationToken)
    {
        var wire = new WireLog(_time);
        var socket = await node.DialAsync(cancellationToken).ConfigureAwait(false);
        await using var tls = new TlsChannel(new WireTap(new NetworkStream(socket, ownsSocket: true), wire, isClient: true), _recorder);
        var start = _time.GetTimestamp();
        await tls.ConnectAsync(_client, new TlsTarget(DemoFleet.ServiceName), _sendsEarlyData ? s_ping : default, cancellationToken).ConfigureAwait(false);
        var elapsed = _time.GetElapsedTime(start);
        wire.Freeze();

        // The tickets of TLS 1.3 come before the answer, so the trace is taken after it.
        await EchoAsync(tls.Stream, tls.EarlyDataAccepted, cancellationToken).ConfigureAwait(false);
        var view = EndView.Of(tls, new HandshakeTrace(_recorder.Take(tls.ConnectionNumber!.Value), wire), tls.EarlyDataAccepted);
        await tls.ShutdownAsync(cancellationToken).ConfigureAwait(false);
        return (view, elapsed);
    }

    private static async Task EchoAsync(Stream stream, int sentBefore, CancellationToken cancellationToken)
    {
        if (sentBefore < s_ping.Length)
        {
            await stream.WriteAsync(s_ping.AsMemory(sentBefore), cancellationToken).ConfigureAwait(false);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        var answer = new byte[s_ping.Length];
        await stream.ReadExactlyAsync(answer, cancellationToken).ConfigureAwait(false);
        if (!answer.AsSpan().SequenceEqual(s_ping))
        {
            throw new IOException("the node gave other bytes back than it got");
        }
    }
}
