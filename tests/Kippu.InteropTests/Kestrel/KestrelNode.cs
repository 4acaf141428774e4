using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Peers;
using Kippu.Tests.Architecture;

namespace Kippu.InteropTests.Kestrel;

/// <summary>Kestrel with <c>UseKippu</c>, as a process of its own (tests/Kippu.AspNetCore.TestNode).</summary>
internal sealed class KestrelNode : IAsyncDisposable
{
    private readonly PeerProcess _process;

    private KestrelNode(PeerProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    public IReadOnlyList<string> Lines => _process.Lines;

    /// <summary>Starts a node and waits until it listens.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="settings">Its configuration, as <c>Kippu:RingFile=path</c>.</param>
    public static async Task<KestrelNode> StartAsync(CancellationToken cancellationToken, params string[] settings)
    {
        var process = PeerProcess.Start(
            "dotnet",
            [
                Program, .. settings.Select(setting => $"--{setting}"),
                $"--Kestrel:Certificates:Default:Path={PeerPki.Ecdsa.CertificatePath}", $"--Kestrel:Certificates:Default:KeyPath={PeerPki.Ecdsa.KeyPath}",
            ]);
        var line = await process.WaitForLineAsync("listening at https://", cancellationToken);
        return new KestrelNode(process, new Uri(line[line.IndexOf("https", StringComparison.Ordinal)..]).Port);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>Built beside these tests, in the same configuration.</summary>
    private static string Program
    {
        get
        {
            var ours = Path.GetRelativePath(Path.Combine(Repository.Root, "tests", "Kippu.InteropTests"), AppContext.BaseDirectory);
            return Path.Combine(Repository.Root, "tests", "Kippu.AspNetCore.TestNode", ours, "Kippu.AspNetCore.TestNode.dll");
        }
    }
}
