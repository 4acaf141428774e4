using System.Net;
using System.Net.Sockets;
using Kippu.Fleet;
using Kippu.Tests.Architecture;
using Xunit;

namespace Kippu.Tests.Documents;

/// <summary>The code of the READMEs compiles, since it stands in <see cref="ReadmeSample"/> and in the samples, and does what they say.</summary>
public sealed class ReadmeTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("README.ja.md")]
    public void The_code_in_a_README_is_the_sample_that_is_compiled(string document)
    {
        string[] compiled = [Path.Combine(Repository.Root, "tests", "Kippu.Tests", "Documents", "ReadmeSample.cs"), .. Repository.SourceFiles("samples")];
        var sample = string.Join('\n', compiled.Select(file => Lines(File.ReadAllText(file))));
        var blocks = File.ReadAllText(Path.Combine(Repository.Root, document)).Split("```csharp\n").Skip(1).Select(rest => rest.Split("```")[0]).ToArray();

        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(Lines(block), sample, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_resumes_at_a_second_server_that_shares_nothing_with_the_first_but_the_ring()
    {
        var folder = Directory.CreateTempSubdirectory("kippu-readme-");
        try
        {
            var (ring, operatorKey, certificate, key, root) = await WriteFiles(folder.FullName);
            var first = ReadmeSample.Server(ring, operatorKey, certificate, key);
            var second = ReadmeSample.Server(ring, operatorKey, certificate, key);
            var client = ReadmeSample.Client(root);

            var (full, _) = await Handshake(client, first);
            var (resumed, seenByTheClient) = await Handshake(client, second);

            Assert.Equal(ResumptionKind.None, full.Resumption);
            Assert.Equal(ResumptionKind.Psk, resumed.Resumption);
            Assert.Equal(ResumptionKind.Psk, seenByTheClient.Resumption);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(string Ring, string OperatorKey, string Certificate, string Key, string Root)> WriteFiles(string folder)
    {
        var (file, operatorKey) = (Path.Combine(folder, "fleet.ring"), Path.Combine(folder, "operator.key"));
        OperatorKeyFile.Create(operatorKey);
        using var ring = TicketKeyRing.Create(TestPki.Now);
        await new FileRingStore(file, new FileRingOptions { OperatorKeyFiles = { operatorKey } }).CreateAsync(ring);
        var (certificate, key) = TestPki.Server.WritePem(folder, "server");
        var root = Path.Combine(folder, "root.pem");
        File.WriteAllText(root, TestPki.Root.Certificate.ExportCertificatePem());
        return (file, operatorKey, certificate, key, root);
    }

    private static async Task<(TlsConnectionInfo Server, TlsConnectionInfo Client)> Handshake(TlsClient client, TlsServer server)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var tcp = new TcpClient();
        var accepting = listener.AcceptSocketAsync();
        await tcp.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        var serving = ReadmeSample.Serve(server, await accepting);
        var seenByTheClient = await ReadmeSample.Connect(client, tcp);
        return (await serving, seenByTheClient);
    }

    private static string Lines(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
}
