using Kippu.InteropTests.Capture;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Matrix;

namespace Kippu.InteropTests.Peers;

/// <summary><c>curl -v</c>: one process that gets the page as often as asked; the server closes after each answer, so that it must connect anew.</summary>
internal sealed class CurlClient : ClientPeer
{
    public override string Name => "curl";

    public override async Task<IReadOnlyList<PeerWords>> ConnectAsync(ClientTask task, CancellationToken cancellationToken)
    {
        List<string> arguments =
        [
            "--verbose", "--silent", "--show-error", "--fail", "--http1.1", "--tlsv1.2", "--cacert", PeerPki.Root, "--noproxy", "*",
            "--resolve", $"localhost:{task.Port}:127.0.0.1",
        ];

        arguments.AddRange(task.AllVersions ? [] : ["--tls-max", "1.2"]);
        arguments.AddRange(task.Alpn ? [] : ["--no-alpn"]);
        if (task.ClientCertificate is { } credential)
        {
            arguments.AddRange(["--cert", credential.CertificatePath, "--key", credential.KeyPath]);
        }

        arguments.AddRange(Enumerable.Repeat($"https://localhost:{task.Port}/", task.Connections));
        var lines = await PeerProcess.RunAsync("curl", arguments, cancellationToken);
        return [.. Split(lines).Select(Read)];
    }

    public override async Task<Absence?> LacksAsync(Pattern pattern, CancellationToken cancellationToken)
    {
        var hello = (await Evidence.OfClientAsync(this, cancellationToken)).ClientExtensions;
        return (hello.ContainsKey(ExtensionNumbers.SessionTicket), pattern == Pattern.SessionId) switch
        {
            (false, false) => new Absence("sends no SessionTicket extension in TLS 1.2", $"tshark: its `Client Hello` has the extensions {Evidence.List(hello)}, not 35"),
            (true, true) => new Absence("sends the SessionTicket extension always", $"tshark: its `Client Hello` has the extensions {Evidence.List(hello)}"),
            _ => null,
        };
    }

    private static IEnumerable<IReadOnlyList<string>> Split(IReadOnlyList<string> lines)
    {
        var starts = lines.Index().Where(line => line.Item.StartsWith("* Connected to ", StringComparison.Ordinal)).Select(line => line.Index).ToList();
        for (var i = 0; i < starts.Count; i++)
        {
            var end = i + 1 < starts.Count ? starts[i + 1] : lines.Count;
            yield return [.. lines.Take(starts[i]..end)];
        }
    }

    private static PeerWords Read(IReadOnlyList<string> lines)
    {
        // "re-using" is what curl tries. It has succeeded if no certificate came.
        var reusing = lines.FirstOrDefault(line => line == "* SSL re-using session ID");
        var certificate = lines.FirstOrDefault(line => line.Contains("(IN), TLS handshake, Certificate (11)", StringComparison.Ordinal));
        var connection = lines.First(line => line.StartsWith("* SSL connection using", StringComparison.Ordinal));
        return new PeerWords
        {
            Resumed = reusing is not null && certificate is null,
            Session = reusing is not null && certificate is null ? reusing : connection,
            Ticket = lines.FirstOrDefault(line => line.Contains("Newsession Ticket", StringComparison.Ordinal)),
            Alpn = lines.FirstOrDefault(line => line.StartsWith("* ALPN: server accepted", StringComparison.Ordinal)),
            Suite = connection[(connection.LastIndexOf(' ') + 1)..],
        };
    }
}
