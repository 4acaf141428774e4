using Kippu.Cli.Ladders;
using Kippu.Cli.Output;
using Kippu.Cli.Tls;

namespace Kippu.Cli.Connecting;

/// <summary>The engine of <c>kippu connect</c> and all that it is made of, from the options.</summary>
internal sealed class ClientSetup : IDisposable
{
    private readonly TlsCredential? _credential;
    private readonly KeyLogFile? _keyLog;

    public ClientSetup(ConnectOptions options, TimeProvider time)
    {
        CertificateFiles.CheckPair(options.CertificateFile, options.KeyFile);
        _credential = options.CertificateFile is null ? null : CertificateFiles.LoadCredential(options.CertificateFile, options.KeyFile);
        _keyLog = KeyLogFile.Open(options.KeyLog);
        Recorder = new HandshakeRecorder(isClient: true, time);
        Target = TargetOf(options);
        Client = Build(options, time);
        Imported = options.SessionIn is null ? 0 : Import(options.SessionIn, time.GetUtcNow());
    }

    public TlsClient Client { get; }

    public TlsTarget Target { get; }

    public HandshakeRecorder Recorder { get; }

    /// <summary>Sessions from --session-in that are still usable, for whatever server.</summary>
    public int Imported { get; }

    public void Export(string path) => PrivateFile.Write(path, overwrite: true, Client.SessionStore.Export);

    public void Dispose()
    {
        _credential?.Dispose();
        _keyLog?.Dispose();
    }

    private static TlsTarget TargetOf(ConnectOptions options)
    {
        var target = new TlsTarget(options.Target.Host, options.Target.Port);
        try
        {
            return options.ServerName switch { null => target, "" => target with { ServerName = "" }, var name => target with { Host = name } };
        }
        catch (ArgumentException e)
        {
            throw CommandFault.Usage($"--sni: {e.Message.Split(" (Parameter")[0].TrimEnd('.')}", "Give the name that the server's certificate is for.", e);
        }
    }

    private TlsClient Build(ConnectOptions options, TimeProvider time)
    {
        var tls = new TlsClientOptions
        {
            Protocols = options.Versions,
            EnableEarlyData = options.EarlyData,
            UseTickets = options.UseTickets,
            UseSessionIds = options.UseSessionIds,
            HandshakeTimeout = options.Timeout,
            Observer = Recorder,
            KeyLog = _keyLog is null ? null : _keyLog.Add,
            TimeProvider = time,
        };
        if (_credential is not null)
        {
            tls.Credentials.Add(_credential);
        }

        if (options.CaFile is not null)
        {
            tls.ServerVerification.CustomTrustRoots = CertificateFiles.LoadRoots(options.CaFile, "--ca");
        }

        if (options.Insecure)
        {
            tls.ServerVerification.Callback = static (_, _) => ValueTask.FromResult(true);
            tls.ServerVerification.CallbackId = "kippu connect --insecure";
        }

        foreach (var protocol in options.Protocols)
        {
            tls.ApplicationProtocols.Add(protocol);
        }

        foreach (var suite in options.Suites)
        {
            tls.CipherSuites.Add(suite);
        }

        foreach (var group in options.Groups)
        {
            tls.Groups.Add(group);
        }

        try
        {
            return new TlsClient(tls);
        }
        catch (ArgumentException e)
        {
            throw CommandFault.Usage($"these options do not go together: {e.Message.Split(" (Parameter")[0]}", "See `kippu connect --help`.", e);
        }
    }

    private int Import(string path, DateTimeOffset now)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Client.SessionStore.Import(file, now);
        }
        catch (Exception e) when (FileTrouble.IsOne(e))
        {
            throw CommandFault.Usage($"--session-in {FileTrouble.Of(path, e)}", "Name a file that `kippu connect --session-out FILE` wrote.", e);
        }
        catch (StoredFormatException e)
        {
            throw CommandFault.Usage($"--session-in {path} holds no sessions: {e.Message}", "Name a file that `kippu connect --session-out FILE` wrote.", e);
        }
    }
}
