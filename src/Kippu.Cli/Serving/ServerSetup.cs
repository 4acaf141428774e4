using System.Net;
using Kippu.Cli.Commands;
using Kippu.Cli.Ladders;
using Kippu.Cli.Output;
using Kippu.Cli.Tls;
using Kippu.Fleet;

namespace Kippu.Cli.Serving;

/// <summary>The engine of <c>kippu serve</c> and all that it is made of, from the options.</summary>
internal sealed class ServerSetup : IDisposable
{
    private readonly SelfMadeAuthority? _authority;
    private readonly TlsCredential _credential;
    private readonly KeyLogFile? _keyLog;
    private readonly TicketInspector? _inspector;

    public ServerSetup(ServeOptions options, TimeProvider time, Screen screen)
    {
        CertificateFiles.CheckPair(options.CertificateFile, options.KeyFile);
        Ring = options.RingFile is null ? OwnRing(options, time) : Follow(options.RingFile, options.OperatorKeyFiles, time, screen);
        TicketLifetime = Lifetime(options, screen);
        _authority = options.CertificateFile is null ? new SelfMadeAuthority(time.GetUtcNow()) : null;
        _credential = _authority?.Issue([.. options.Names, .. Addresses(options.Listen)]) ?? CertificateFiles.LoadCredential(options.CertificateFile!, options.KeyFile);
        _keyLog = KeyLogFile.Open(options.KeyLog);
        Recorder = new HandshakeRecorder(isClient: false, time);
        Server = Build(options, time);
        _inspector = options.Trace ? new TicketInspector(Ring, Server.SessionScope) : null;
        SaveAuthority(options.SaveCa);
    }

    public IRingSource Ring { get; }

    public TlsServer Server { get; }

    /// <summary>How long a ticket lives: as long as was asked for, if the ring lets it.</summary>
    public TimeSpan TicketLifetime { get; }

    /// <summary>True if the ring is what limits <see cref="TicketLifetime"/>.</summary>
    public bool IsLimitedByRing { get; private set; }

    /// <summary>Without --trace too: how many tickets went out, and what became of early data, stands in the trace.</summary>
    public HandshakeRecorder Recorder { get; }

    /// <summary>True if the certificate was made for this run.</summary>
    public bool IsSelfMade => _authority is not null;

    public CertificateReport Certificate => CertificateReport.Of(_credential.Leaf);

    /// <summary>What a ticket holds, if the ring opens it.</summary>
    public bool TryOpenTicket(ReadOnlySpan<byte> ticket, DateTimeOffset now, out TicketContents? contents, out TicketRefusal refusal)
    {
        contents = null;
        refusal = TicketRefusal.None;
        return _inspector is not null && _inspector.TryOpen(ticket, now, out contents, out refusal);
    }

    public void Dispose()
    {
        _inspector?.Dispose();
        Server.Dispose();
        (Ring as IDisposable)?.Dispose();
        _credential.Dispose();
        _authority?.Dispose();
        _keyLog?.Dispose();
    }

    private static FileRing Follow(string path, string[] operatorKeyFiles, TimeProvider time, Screen screen)
    {
        var ring = RingFile.Watch(path, RingOptions.Read(operatorKeyFiles, acceptPlain: false), time, screen);
        ring.StatusChanged += (_, status) => screen.Note($"{path}: {RingText.Status(status, ring.Current)}");
        return ring;
    }

    /// <summary>A ring that nobody shares lets tickets live as long as they are asked to.</summary>
    private static InProcessRing OwnRing(ServeOptions options, TimeProvider time)
    {
        var schedule = RotationSchedule.Default;
        return new InProcessRing(time, options.TicketLifetime > schedule.MaxTicketLifetime ? schedule with { MaxTicketLifetime = options.TicketLifetime } : schedule);
    }

    private TimeSpan Lifetime(ServeOptions options, Screen screen)
    {
        var limit = Ring.Current.MaxTicketLifetime;
        IsLimitedByRing = options.TicketLifetime > limit;
        if (!IsLimitedByRing)
        {
            return options.TicketLifetime;
        }

        screen.Complain(
            $"--ticket-lifetime {Quantities.Duration(options.TicketLifetime)}: the tickets of this ring live for {Quantities.Duration(limit)} at most, and so do those of this server",
            "A ring's limit is set when it is made, for all its nodes.");
        return limit;
    }

    private TlsServer Build(ServeOptions options, TimeProvider time)
    {
        var tls = new TlsServerOptions
        {
            Protocols = options.Versions,
            EarlyData = EarlyData(options),
            ScopeName = options.Scope,
            ClientCertificate = options.ClientCertificate,
            SessionCache = options.SessionIds ? new MemorySessionCache(timeProvider: time) : null,
            Tickets = new TicketOptions
            {
                Enabled = options.Tickets,
                Ring = Ring,
                Lifetime = TicketLifetime,
                Renewal = options.Renewal,
                IssueOnRejection = options.IssueOnRejection,
            },
            Observer = Recorder,
            KeyLog = _keyLog is null ? null : _keyLog.Add,
            TimeProvider = time,
        };
        tls.Credentials.Add(_credential);
        Fill(tls.ApplicationProtocols, options.Protocols);
        Fill(tls.CipherSuites, options.Suites);
        Fill(tls.Groups, options.Groups);
        if (options.ClientCaFile is not null)
        {
            tls.ClientVerification.CustomTrustRoots = CertificateFiles.LoadRoots(options.ClientCaFile, "--client-ca");
        }

        try
        {
            return new TlsServer(tls);
        }
        catch (ArgumentException e)
        {
            throw CommandFault.Usage($"these options do not go together: {e.Message.Split(" (Parameter")[0]}", "See `kippu serve --help`.", e);
        }
    }

    private static EarlyDataOptions EarlyData(ServeOptions options) => new()
    {
        MaxSize = options.EarlyDataSize,
        FreshnessWindow = options.EarlyDataWindow,

        // Without --ring the keys are those of this process alone: it is the fleet.
        ReplayScope = options.RingFile is null ? ReplayScope.PerNode : options.ReplayScope,
    };

    private void SaveAuthority(string? path)
    {
        if (path is null)
        {
            return;
        }

        PrivateFile.Write(path, overwrite: true, stream => stream.Write(System.Text.Encoding.ASCII.GetBytes(_authority!.Certificate.ExportCertificatePem() + "\n")));
    }

    private static void Fill<T>(IList<T> target, IReadOnlyList<T> values)
    {
        foreach (var value in values)
        {
            target.Add(value);
        }
    }

    private static IEnumerable<string> Addresses(IPAddress listen) =>
        new[] { IPAddress.Loopback, IPAddress.IPv6Loopback, listen }.Where(address => !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)).Distinct().Select(address => address.ToString());
}
