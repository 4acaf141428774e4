using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Peers;
using Kippu.Tests.Architecture;
using Xunit;

namespace Kippu.InteropTests.Kestrel;

/// <summary>The five lines of the README (samples/Kestrel), as curl sees them.</summary>
public sealed class KestrelSampleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--http1.1", "HTTP/1.1 200")]
    [InlineData("--http2", "HTTP/2 200")]
    public async Task The_sample_serves_HTTPS_on_Kippu_without_a_warning(string version, string status)
    {
        var program = Path.Combine(Repository.Root, "samples", "Kestrel", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "Kestrel.dll");
        await using var sample = PeerProcess.Start(
            "dotnet",
            [
                program, "--urls=http://127.0.0.1:0", $"--Kestrel:Certificates:Default:Path={PeerPki.Ecdsa.CertificatePath}",
                $"--Kestrel:Certificates:Default:KeyPath={PeerPki.Ecdsa.KeyPath}", "--Logging:LogLevel:Kippu.Handshake=Debug",
            ]);
        var line = await sample.WaitForLineAsync("Now listening on: https://127.0.0.1:", Token);
        var address = line[line.IndexOf("https", StringComparison.Ordinal)..];

        var answer = await PeerProcess.RunAsync("curl", ["--silent", "--include", "--cacert", PeerPki.Root, version, address], Token);

        Assert.StartsWith(status, answer[0], StringComparison.Ordinal);
        Assert.Equal("Hello World!", answer[^1]);
        await sample.WaitForLineAsync("dbug: Kippu.Handshake[1]", Token);
        Assert.DoesNotContain(sample.Lines, said => said.StartsWith("warn:", StringComparison.Ordinal));
    }
}
