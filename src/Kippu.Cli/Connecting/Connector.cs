using System.Net;
using System.Net.Sockets;
using Kippu.Cli.Ladders;
using Kippu.Cli.Output;
using Kippu.Cli.Tls;
using Kippu.Cli.Wire;

namespace Kippu.Cli.Connecting;

/// <summary>Makes the connections of <c>kippu connect</c>, one after the other.</summary>
internal sealed class Connector(ConnectOptions options, ClientSetup setup, TimeProvider time)
{
    /// <summary>All that could be made; the first that fails is the last.</summary>
    /// <exception cref="CommandFault">There is nobody to talk to, or nobody who speaks TLS.</exception>
    public async Task<IReadOnlyList<ConnectionOutcome>> RunAsync(CancellationToken cancellationToken)
    {
        var outcomes = new List<ConnectionOutcome>();
        do
        {
            outcomes.Add(await ConnectAsync(outcomes.Count + 1, cancellationToken).ConfigureAwait(false));
        }
        while (outcomes.Count <= options.Reconnects && outcomes[^1].Problem is null);
        return outcomes;
    }

    private async Task<ConnectionOutcome> ConnectAsync(int number, CancellationToken cancellationToken)
    {
        var wire = new WireLog(time);
        var node = options.Nodes[(number - 1) % options.Nodes.Count];
        var network = await DialAsync(node, cancellationToken).ConfigureAwait(false);
        var address = Plain((IPEndPoint)network.Socket.RemoteEndPoint!).ToString();
        await using var tls = new TlsChannel(new WireTap(network, wire, isClient: true), setup.Recorder);
        var start = time.GetTimestamp();
        var elapsed = TimeSpan.Zero;
        Answer? answer;
        try
        {
            await tls.ConnectAsync(setup.Client, setup.Target, options.EarlyData ? options.Request : default, cancellationToken).ConfigureAwait(false);
            elapsed = time.GetElapsedTime(start);
            wire.Freeze();

            // In TLS 1.3 what the server gives to resume by comes after the handshake: the trace is taken when all has been heard.
            answer = await ConverseAsync(tls, wire.IsTls13, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            return Failed(number, node, e, tls, wire, elapsed == TimeSpan.Zero ? time.GetElapsedTime(start) : elapsed) with { Address = address };
        }

        var trace = TraceOf(tls, wire);
        return new ConnectionOutcome
        {
            Number = number,
            Address = address,
            Trace = trace,
            Time = elapsed,
            Negotiated = ReportOf(tls, trace),
            EarlyData = trace.EarlyData,
            Answer = answer,
        };
    }

    private ConnectionReport ReportOf(TlsChannel tls, HandshakeTrace trace)
    {
        var report = ConnectionReport.Of(tls.Info).WithTickets(trace.NewTickets.Count, trace.Hidden.TicketLifetime);
        return options.EarlyData ? report.WithEarlyData(trace.EarlyData, tls.EarlyDataAccepted) : report;
    }

    private async Task<NetworkStream> DialAsync(ConnectTarget node, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Timeout);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(node.Host, node.Port, patience.Token).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new CommandFault(ExitCodes.NotMeasured, $"{node}: {e.Message}", "Is the name right, does a server listen on that port, and does a firewall let you through?", e);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new CommandFault(ExitCodes.NotMeasured, $"{node}: no connection within {Quantities.Duration(options.Timeout)}", "A firewall may be dropping the packets; --timeout waits longer.");
        }
    }

    /// <summary>A socket for both kinds of addresses writes IPv4 as a part of IPv6.</summary>
    private static IPEndPoint Plain(IPEndPoint endPoint) =>
        endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;

    private ConnectionOutcome Failed(int number, ConnectTarget node, IOException problem, TlsChannel tls, WireLog wire, TimeSpan elapsed)
    {
        wire.Freeze();
        var fault = (problem as TlsException)?.Fault;
        if (number == 1 && (fault == TlsFault.NotTls || wire.BytesFromServer == 0))
        {
            var what = fault == TlsFault.HandshakeTimeout ? $"nothing came within {Quantities.Duration(options.Timeout)}" : problem.Message;
            throw new CommandFault(ExitCodes.NotMeasured, $"{node}: no TLS there: {what}", "Is it the right port, and does the server speak TLS from the first byte (no STARTTLS)?", problem);
        }

        return new ConnectionOutcome { Number = number, Trace = TraceOf(tls, wire), Time = elapsed, Problem = problem };
    }

    private async Task<Answer?> ConverseAsync(TlsChannel tls, bool isTls13, CancellationToken cancellationToken)
    {
        try
        {
            var answer = options.Request.IsEmpty ? null : await Answer.AskAsync(tls.Stream, options, tls.EarlyDataAccepted, cancellationToken).ConfigureAwait(false);
            await tls.ShutdownAsync(cancellationToken).ConfigureAwait(false);
            if (answer is null && isTls13)
            {
                await Answer.AwaitTicketsAsync(tls.Stream, cancellationToken).ConfigureAwait(false);
            }

            return answer;
        }
        catch (IOException e) when (!isTls13 || !Answer.IsRefusal(e))
        {
            // The handshake is what this command measures; that the server then hung up is worth a remark.
            return new Answer("", 0, e.Message);
        }
    }

    private HandshakeTrace TraceOf(TlsChannel tls, WireLog wire) => new(tls.ConnectionNumber is { } number ? setup.Recorder.Take(number) : [], wire);
}
