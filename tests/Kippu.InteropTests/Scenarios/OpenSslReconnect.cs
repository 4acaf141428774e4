using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Peers;

namespace Kippu.InteropTests.Scenarios;

/// <summary><c>openssl s_client -reconnect</c>: one connection, and five more with its session.</summary>
internal sealed record OpenSslReconnect(IReadOnlyList<string> Lines)
{
    public const int Reconnections = 5;

    public int Reused => Lines.Count(line => line.StartsWith("Reused", StringComparison.Ordinal));

    /// <summary>Its verdicts, equal ones counted.</summary>
    public string Words => string.Join(", ", Lines.GroupBy(line => line).Select(alike => $"{alike.Count()} × `{alike.Key}`"));

    public static async Task<OpenSslReconnect> RunAsync(int port, CancellationToken cancellationToken)
    {
        var lines = await PeerProcess.RunAsync(
            "openssl",
            ["s_client", "-connect", $"127.0.0.1:{port}", "-servername", "localhost", "-CAfile", PeerPki.Root, "-verify_return_error", "-tls1_2", "-reconnect"],
            cancellationToken);
        var verdicts = lines.Where(line => line.StartsWith("New, TLSv1", StringComparison.Ordinal) || line.StartsWith("Reused, TLSv1", StringComparison.Ordinal)).ToList();
        return verdicts.Count == Reconnections + 1 ? new OpenSslReconnect(verdicts) : throw new InvalidOperationException($"s_client said:\n{string.Join('\n', lines)}");
    }
}
