using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Kippu.Cli.Ladders;
using Kippu.Cli.Output;
using Kippu.Cli.Tls;
using Kippu.Cli.Wire;

namespace Kippu.Cli.Serving;

/// <summary>The HTTPS server of <c>kippu serve</c>: one task for each connection.</summary>
internal sealed class TestServer(ServeOptions options, ServerSetup setup, TimeProvider time, Screen screen) : IDisposable
{
    private const int MostConnections = 500;
    private static readonly TimeSpan s_patienceAtTheEnd = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _places = new(MostConnections);
    private int _accepted;
    private int _completed;
    private int _resumed;

    /// <summary>Serves until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(options.Listen, options.Port);
        Start(listener);
        Introduce((IPEndPoint)listener.LocalEndpoint);
        var running = new HashSet<Task>();
        try
        {
            while (true)
            {
                await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
                var socket = await listener.AcceptSocketAsync(cancellationToken).ConfigureAwait(false);
                running.RemoveWhere(task => task.IsCompleted);
                running.Add(ServeAsync(++_accepted, socket, cancellationToken));
            }
        }
        catch (OperationCanceledException)
        {
            listener.Stop();
            await Task.WhenAny(Task.WhenAll(running), Task.Delay(s_patienceAtTheEnd, CancellationToken.None)).ConfigureAwait(false);
        }

        if (!options.Json)
        {
            screen.Write($"stopped: {Quantities.Count(_accepted, "connection", "connections")}, {_completed} with a complete handshake, {_resumed} resumed");
        }
    }

    public void Dispose() => _places.Dispose();

    private void Start(TcpListener listener)
    {
        try
        {
            listener.Start();
        }
        catch (SocketException e)
        {
            throw new CommandFault(ExitCodes.NotMeasured, $"cannot listen on {new IPEndPoint(options.Listen, options.Port)}: {e.Message}", "Choose another --port (0 takes a free one) or --listen address.", e);
        }
    }

    /// <summary>The first line is for machines: it tells the port that was chosen.</summary>
    private void Introduce(IPEndPoint endPoint)
    {
        screen.Write($"listening on {endPoint}");
        if (options.Json)
        {
            return;
        }

        var grid = new Grid(indent: 2);
        grid.Add("certificate", CertificateText());
        grid.Add("ring", options.RingFile ?? "of this process alone (--ring FILE shares one)");
        if (options.RingFile is not null && RingText.SealsUntil(setup.Ring.Current) is { } until)
        {
            var remark = HasRunOut() ? " (past); a new key: kippu keys rotate" : "; before then: kippu keys rotate";
            grid.Add("seals until", Quantities.Minute(until) + remark, HasRunOut() ? Tone.Bad : Tone.Plain);
        }

        grid.Add("scope", options.Scope);
        grid.Add("tickets", TicketsText());
        grid.Add("session IDs", options.SessionIds ? "kept in memory" : "off");
        grid.Add("early data", options.TakesEarlyData ? $"up to {Quantities.Bytes(options.EarlyDataSize)}; each first flight once{(options.RingFile is null ? "" : ", and once on every other node")}" : "off");
        if (options.TakesEarlyData)
        {
            grid.Add("  ticket's age", $"right to {Quantities.Duration(options.EarlyDataWindow)}; so none is taken in the first {Quantities.Duration(2 * options.EarlyDataWindow)}");
        }

        grid.Add("client certificate", options.ClientCertificate.ToString().ToLowerInvariant());
        screen.Write([.. grid.ToLines(), Line.Empty]);
    }

    private bool HasRunOut() => setup.Ring.Current.HasRunOut(time.GetUtcNow());

    private string CertificateText() => (setup.IsSelfMade, options.SaveCa) switch
    {
        (false, _) => setup.Certificate.Subject,
        (_, null) => $"{setup.Certificate.Subject}, made for this run (--save-ca FILE writes its authority)",
        (_, var file) => $"{setup.Certificate.Subject}, made for this run; its authority is in {file}",
    };

    private string TicketsText()
    {
        if (!options.Tickets)
        {
            return "off";
        }

        if (HasRunOut())
        {
            return "none: the ring has run out";
        }

        var renewed = options.Renewal switch
        {
            TicketRenewal.Always => "always renewed",
            TicketRenewal.Never => "never renewed",
            TicketRenewal.WhenKeyIsNotCurrent => "renewed when another key seals",
            _ => "renewed past half of that",
        };
        return $"for {Quantities.Duration(setup.TicketLifetime)}{(setup.IsLimitedByRing ? " (the ring's limit)" : "")}, {renewed}";
    }

    private async Task ServeAsync(int number, Socket socket, CancellationToken cancellationToken)
    {
        var peer = socket.RemoteEndPoint?.ToString() ?? "?";
        socket.NoDelay = true;
        var wire = new WireLog(time);
        var network = new NetworkStream(socket, ownsSocket: true);
        await using var tls = new TlsChannel(new WireTap(network, wire, isClient: false), setup.Recorder);
        try
        {
            await tls.AcceptAsync(setup.Server, cancellationToken).ConfigureAwait(false);
            wire.Freeze();
            Interlocked.Increment(ref _completed);
            Interlocked.Add(ref _resumed, tls.Info.IsResumed ? 1 : 0);
            var trace = TraceOf(tls, wire);
            var report = ReportOf(tls, trace);
            Tell(new Served(number, peer, report, null, trace, tls.EarlyData.Length));
            await new HttpConversation(tls.Stream, tls.EarlyData, report, options.Json).RunAsync(cancellationToken).ConfigureAwait(false);
            await tls.ShutdownAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // After the handshake it is the client's business how it leaves.
            if (!wire.IsFrozen && !cancellationToken.IsCancellationRequested)
            {
                wire.Freeze();
                Tell(new Served(number, peer, null, e, TraceOf(tls, wire), tls.EarlyData.Length));
            }
        }
        finally
        {
            _places.Release();
        }
    }

    private HandshakeTrace TraceOf(TlsChannel tls, WireLog wire) => new(tls.ConnectionNumber is { } number ? setup.Recorder.Take(number) : [], wire);

    private static ConnectionReport ReportOf(TlsChannel tls, HandshakeTrace trace)
    {
        var report = ConnectionReport.Of(tls.Info).WithTickets(trace.NewTickets.Count, trace.Hidden.TicketLifetime);
        return trace.EarlyData == EarlyDataOutcome.NotOffered ? report : report.WithEarlyData(trace.EarlyData, tls.EarlyData.Length);
    }

    private void Tell(Served served)
    {
        var trace = options.Trace ? served.Trace : null;
        if (options.Json)
        {
            screen.Write(JsonSerializer.Serialize(served.ToJson(trace), KippuJsonLines.Default.ServedConnection));
            return;
        }

        var summary = served.ToLine();
        screen.Write(trace is null ? [summary] : [summary, Line.Empty, .. trace.LadderLines(screen.Width), Line.Empty, .. trace.FieldLines(), .. OpenedLines(trace)]);
    }

    /// <summary>What the ring tells of the tickets that were offered and issued.</summary>
    private IEnumerable<Line> OpenedLines(HandshakeTrace trace)
    {
        var tickets = trace.OfferedTickets.Select(ticket => ("the ticket offered", ticket)).Concat(trace.NewTickets.Select(ticket => ("the ticket issued", ticket)));
        foreach (var (name, ticket) in tickets)
        {
            yield return new Line($"  {name}, opened with the ring", Tone.Heading);
            IReadOnlyList<Line> lines = setup.TryOpenTicket(ticket.Span, time.GetUtcNow(), out var contents, out var refusal)
                ? TicketText.Lines(contents!)
                : [new Line($"    does not open: {refusal}", Tone.Bad)];
            foreach (var line in lines)
            {
                yield return line;
            }

            yield return Line.Empty;
        }
    }
}
