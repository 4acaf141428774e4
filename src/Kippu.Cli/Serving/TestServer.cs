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

        var grid = new Grid(screen.Width, indent: 2);
        grid.Add("certificate", setup.IsSelfMade ? $"{setup.Certificate.Subject}, made for this run (--save-ca FILE writes its authority)" : setup.Certificate.Subject);
        grid.Add("ring", options.RingFile ?? "of this process alone (--ring FILE shares one)");
        grid.Add("scope", options.Scope);
        grid.Add("tickets", options.Tickets ? $"for {Quantities.Duration(options.TicketLifetime)}, renewed: {options.Renewal}" : "off");
        grid.Add("session IDs", options.SessionIds ? "kept in memory" : "off");
        grid.Add("client certificate", options.ClientCertificate.ToString().ToLowerInvariant());
        screen.Write([.. grid.ToLines(), Line.Empty]);
    }

    private async Task ServeAsync(int number, Socket socket, CancellationToken cancellationToken)
    {
        var peer = socket.RemoteEndPoint?.ToString() ?? "?";
        socket.NoDelay = true;
        var wire = new WireLog(time);
        var network = new NetworkStream(socket, ownsSocket: true);
        await using var tls = new TlsStream(options.Trace ? new WireTap(network, wire, isClient: false) : network, leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsServerAsync(setup.Server, cancellationToken).ConfigureAwait(false);
            wire.Freeze();
            Interlocked.Increment(ref _completed);
            Interlocked.Add(ref _resumed, tls.Info.IsResumed ? 1 : 0);
            var report = ConnectionReport.Of(tls.Info);
            Tell(number, peer, report, null, TraceOf(tls, wire));
            await new HttpConversation(tls, report, options.Json).RunAsync(cancellationToken).ConfigureAwait(false);
            await tls.ShutdownAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // After the handshake it is the client's business how it leaves.
            if (!wire.IsFrozen && !cancellationToken.IsCancellationRequested)
            {
                wire.Freeze();
                Tell(number, peer, null, e, TraceOf(tls, wire));
            }
        }
        finally
        {
            _places.Release();
        }
    }

    private HandshakeTrace? TraceOf(TlsStream tls, WireLog wire) =>
        setup.Recorder is { } recorder && tls.Connection is { } connection ? new HandshakeTrace(recorder.Take(connection.Number), wire) : null;

    private void Tell(int number, string peer, ConnectionReport? report, Exception? problem, HandshakeTrace? trace)
    {
        if (options.Json)
        {
            var fault = (problem as TlsException)?.Fault.ToString();
            var served = new ServedConnection(number, peer, report, fault, problem?.Message, trace is null ? null : TraceJson.Of(trace));
            screen.Write(JsonSerializer.Serialize(served, KippuJsonLines.Default.ServedConnection));
            return;
        }

        var summary = new Line($"#{number} {peer}  ", Tone.Quiet);
        if (report is null)
        {
            summary.Add(problem is TlsException { Fault: var fault } ? $"failed: {fault}: {problem.Message}" : $"failed: {problem?.Message}", Tone.Bad);
        }
        else
        {
            summary.Add(report.Resumed ? "resumed" : "full   ", report.Resumed ? Tone.Good : Tone.Plain).Add($"  {report.CipherSuite}").Add(RemarkOn(report), Tone.Quiet);
        }

        screen.Write(trace is null ? [summary] : [summary, Line.Empty, .. trace.LadderLines(screen.Width), Line.Empty, .. trace.FieldLines(screen.Width), .. OpenedLines(trace)]);
    }

    private static string RemarkOn(ConnectionReport report)
    {
        var resumption = report.Resumed || report.Refusal is not null ? $"  {report.ResumptionText()}" : "";
        var client = report.PeerCertificate is { } certificate ? $"  client: {certificate.Subject}" : "";
        return $"{resumption}{(report.NewTicket ? "  ticket issued" : "")}{client}";
    }

    /// <summary>What the ring tells of the tickets that were offered and issued.</summary>
    private IEnumerable<Line> OpenedLines(HandshakeTrace trace)
    {
        foreach (var (name, ticket) in new[] { ("the ticket offered", trace.OfferedTicket), ("the ticket issued", trace.NewTicket) })
        {
            if (ticket.IsEmpty)
            {
                continue;
            }

            yield return new Line($"  {name}, opened with the ring", Tone.Heading);
            IReadOnlyList<Line> lines = setup.TryOpenTicket(ticket.Span, time.GetUtcNow(), out var contents, out var refusal)
                ? TicketText.Lines(contents!, screen.Width)
                : [new Line($"    does not open: {refusal}", Tone.Bad)];
            foreach (var line in lines)
            {
                yield return line;
            }

            yield return Line.Empty;
        }
    }
}
