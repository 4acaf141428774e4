using System.Globalization;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Matrix;

namespace Kippu.InteropTests.Peers;

/// <summary>A client on Go's crypto/tls.</summary>
internal sealed class GoClient : ClientPeer
{
    public override string Name => "Go crypto/tls";

    /// <summary>Came with Go 1.21; the tests must hold with the Go that Debian has.</summary>
    public override bool HasExtendedMasterSecret => false;

    /// <summary>Go 1.19 has not.</summary>
    public override bool HasRightBindersAfterRetry => false;

    public override async Task<IReadOnlyList<PeerWords>> ConnectAsync(ClientTask task, CancellationToken cancellationToken)
    {
        List<string> arguments =
        [
            "-connect", "-address", $"127.0.0.1:{task.Port}", "-ca", PeerPki.Root, "-connections", task.Connections.ToString(CultureInfo.InvariantCulture),
            $"-tickets={GoProgram.Flag(task.Tickets)}", $"-all-versions={GoProgram.Flag(task.AllVersions)}", $"-alpn={GoProgram.Flag(task.Alpn)}",
        ];

        if (task.ClientCertificate is { } credential)
        {
            arguments.AddRange(["-cert", credential.CertificatePath, "-key", credential.KeyPath]);
        }

        var lines = await PeerProcess.RunAsync(await GoProgram.PathAsync(), arguments, cancellationToken);
        return [.. lines.Select(Read)];
    }

    public override async Task<Absence?> LacksAsync(Pattern pattern, CancellationToken cancellationToken) =>
        pattern == Pattern.SessionId || pattern == Pattern.SessionIdAndTicket
            ? new Absence("offers no session IDs", await GoProgram.OnSessionIdsAsync(cancellationToken))
            : null;

    /// <summary>One line of the program's <c>describe</c>.</summary>
    public static PeerWords Read(string line)
    {
        var words = line.Trim().Split(' ').Select(word => word.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return new PeerWords
        {
            Resumed = words["DidResume"] == "true",
            Session = $"DidResume={words["DidResume"]}",
            Suite = words["CipherSuite"],
            Alpn = words["NegotiatedProtocol"].Length > 0 ? $"NegotiatedProtocol={words["NegotiatedProtocol"]}" : null,
            ClientCertificate = $"PeerCertificates={words["PeerCertificates"]}",
        };
    }
}
