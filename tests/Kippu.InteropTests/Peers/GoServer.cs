using Kippu.InteropTests.Capture;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Matrix;

namespace Kippu.InteropTests.Peers;

/// <summary>A server on Go's crypto/tls; it answers with what it thinks of the connection.</summary>
internal sealed class GoServer : ServerPeer
{
    public override string Name => "Go crypto/tls";

    public override async Task<Absence?> LacksAsync(Pattern pattern, CancellationToken cancellationToken)
    {
        if (pattern == Pattern.FirstTicket)
        {
            return null;
        }

        var hello = (await Evidence.OfServerAsync(this, cancellationToken)).ServerExtensions;
        if (!hello.ContainsKey(ExtensionNumbers.ExtendedMasterSecret) && pattern != Pattern.ZeroLength)
        {
            return new Absence(
                "knows no extended_master_secret, and without it our client offers no session (RFC 7627 §5.3)", $"tshark: its `Server Hello` has the extensions {Evidence.List(hello)}, not 23");
        }

        return pattern == Pattern.SessionId || pattern == Pattern.SessionIdAndTicket
            ? new Absence("keeps no sessions", await GoProgram.OnSessionIdsAsync(cancellationToken))
            : await base.LacksAsync(pattern, cancellationToken);
    }

    public override async Task<RunningServer> StartAsync(ServerTask task, TempFolder folder, CancellationToken cancellationToken)
    {
        var port = FreePort.Next();
        List<string> arguments =
        [
            "-listen", "-address", $"127.0.0.1:{port}", "-cert", task.Credential.CertificatePath, "-key", task.Credential.KeyPath, "-ca", PeerPki.Root,
            "-ticket-keys", string.Join(',', task.TicketKeys), $"-tickets={GoProgram.Flag(task.Tickets)}", $"-all-versions={GoProgram.Flag(task.AllVersions)}", $"-alpn={GoProgram.Flag(task.Alpn)}",
            "-client-cert", task.ClientCertificate.ToString(), "-group", task.Group is { } group ? GroupNames.Go(group) : "",
        ];

        var process = PeerProcess.Start(await GoProgram.PathAsync(), arguments, folder: folder.Path);
        await process.WaitForLineAsync("listening at", cancellationToken);
        return new ServerProcess(process, port, (response, _) => GoClient.Read(response.Split('\n').First(line => line.StartsWith("DidResume", StringComparison.Ordinal))));
    }
}
