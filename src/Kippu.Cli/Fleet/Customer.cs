using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Kippu.Cli.Wire;

namespace Kippu.Cli.Fleet;

/// <summary>
/// A client that comes again and again to the address of the balancer, one connection after the other, and keeps the newest ticket that it was given. It does not know that there are
/// nodes.
/// </summary>
/// <param name="version">The version of TLS that it speaks.</param>
/// <param name="pause">How long it stays away: so old its tickets become.</param>
/// <param name="visits">After so many connections another one comes in its place, who has no ticket yet.</param>
/// <param name="front">Where it connects.</param>
/// <param name="files">Whom it trusts.</param>
/// <param name="tally">Where it tells what became of its connections.</param>
/// <param name="time">The clock.</param>
internal sealed class Customer(SslProtocols version, TimeSpan pause, int visits, RoundRobin front, FleetFiles files, Tally tally, TimeProvider time)
{
    private static readonly byte[] s_request = Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {FleetPlan.ServiceName}\r\nConnection: close\r\n\r\n");
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    // One session, the newest, so that it is known who has issued it.
    private readonly ClientSessionStore _sessions = new(maxSessions: 1, maxPerServer: 1);
    private char? _issuer;
    private TimeSpan _issued;

    /// <summary>Until it is told to stop; a connection that has begun is brought to its end.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var client = MakeClient();
        try
        {
            for (var i = 1; !stop.IsCancellationRequested; i++)
            {
                await tally.AddAsync(VisitAsync).ConfigureAwait(false);
                if (i % visits == 0)
                {
                    Forget();
                }

                await Task.Delay(pause, time, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop while it was away.
        }

        async Task<Visit> VisitAsync(TimeSpan now)
        {
            using var patience = new CancellationTokenSource(s_patience, time);
            return await ConnectAsync(client, now, patience.Token).ConfigureAwait(false);
        }
    }

    private TlsClient MakeClient()
    {
        var options = new TlsClientOptions
        {
            Protocols = version,
            UseSessionIds = false,
            SessionStore = _sessions,
            HandshakeTimeout = s_patience,
            TimeProvider = time,
        };
        options.ServerVerification.CustomTrustRoots = [files.Authority];
        return new TlsClient(options);
    }

    private async Task<Visit> ConnectAsync(TlsClient client, TimeSpan now, CancellationToken cancellationToken)
    {
        var visit = new Visit { Version = version, At = now };
        var wire = new WireLog(time);
        var port = 0;
        try
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(front.Address, cancellationToken).ConfigureAwait(false);
            port = ((IPEndPoint)socket.LocalEndPoint!).Port;
            await using var tls = new TlsStream(new WireTap(new NetworkStream(socket, ownsSocket: true), wire, isClient: true));
            await tls.AuthenticateAsClientAsync(client, new TlsTarget(FleetPlan.ServiceName, front.Address.Port), cancellationToken).ConfigureAwait(false);
            wire.Freeze();
            var answer = NodeAnswer.Parse(await AskAsync(tls, cancellationToken).ConfigureAwait(false));
            visit = WithTicket(visit, wire) with { Acceptor = answer.Node, Answer = answer, Resumed = tls.Info.IsResumed };
            Keep(tls.Info, answer, now);
            front.TakeRoute(port);
            return visit;
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or OperationCanceledException)
        {
            var route = front.TakeRoute(port);
            visit = WithTicket(visit, wire) with
            {
                Acceptor = route?.Node.Name,
                Failure = e is OperationCanceledException ? $"no answer within {s_patience.TotalSeconds} s" : e.Message,
                WasOnKilledNode = route?.Process.WasKilled == true,
            };

            // In TLS 1.3 the ticket is spent, and whether another has come is not known.
            Forget();
            return visit;
        }
    }

    private static async Task<string> AskAsync(TlsStream tls, CancellationToken cancellationToken)
    {
        await tls.WriteAsync(s_request, cancellationToken).ConfigureAwait(false);
        await tls.FlushAsync(cancellationToken).ConfigureAwait(false);
        using var reader = new StreamReader(tls, Encoding.ASCII, leaveOpen: true);
        return await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
    }

    private Visit WithTicket(Visit visit, WireLog wire)
    {
        var hello = wire.Items.FirstOrDefault(item => item is { FromClient: true, Type: HandshakeType.ClientHello }) is { } item ? WireHello.ParseClient(item.Bytes) : null;
        return hello is { HasPreSharedKey: true } or { SessionTicket.IsEmpty: false }
            ? visit with { IsAttempt = true, Issuer = _issuer, TicketAge = visit.At - _issued }
            : visit;
    }

    private void Keep(TlsConnectionInfo info, NodeAnswer answer, TimeSpan now)
    {
        // A ticket of TLS 1.3 is used once: it has left the store, and what is there has come on this connection.
        if (info.NewTicket || (version == SslProtocols.Tls13 && _sessions.Count > 0))
        {
            _issuer = answer.Node;
            _issued = now;
        }
    }

    private void Forget()
    {
        _sessions.Clear();
        _issuer = null;
    }
}
