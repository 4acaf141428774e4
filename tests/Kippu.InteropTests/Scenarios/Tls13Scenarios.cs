using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Ours;
using Kippu.InteropTests.Peers;
using Xunit;

namespace Kippu.InteropTests.Scenarios;

/// <summary>TLS 1.3 beyond the handshake, with OpenSSL: KeyUpdate.</summary>
internal static class Tls13Scenarios
{
    private const string KeyUpdate = "KeyUpdate";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("`openssl s_client` updates its keys and asks for ours (`K`), then sends a GET", ClientUpdatesAsync),
        new("`TlsConnection.UpdateKeys` with a request, towards `openssl s_client`", WeUpdateAsServerAsync),
        new("`openssl s_server` updates its keys and asks for ours (`K`), then sends a line", ServerUpdatesAsync),
        new("`TlsConnection.UpdateKeys` with a request, towards `openssl s_server`", WeUpdateAsClientAsync),
        .. EarlyDataScenarios.All,
        .. FleetEarlyDataScenarios.All,
        .. BrowserScenarios.All,
    ];

    /// <summary>What every s_client of these scenarios is told.</summary>
    public static string[] ClientArguments(int port) =>
        ["s_client", "-connect", $"127.0.0.1:{port}", "-servername", "localhost", "-CAfile", PeerPki.Root, "-verify_return_error", "-tls1_3", "-msg"];

    private static async Task<string> ClientUpdatesAsync(CancellationToken cancellationToken)
    {
        await using var host = new KippuHost(KippuServers.Make13(_ => { }));
        await using var process = PeerProcess.Start("openssl", ClientArguments(host.Port));
        await process.WaitForLineAsync("NewSessionTicket", cancellationToken);
        await process.SendLineAsync("K", cancellationToken);
        await process.WaitForLineAsync("KEYUPDATE", cancellationToken);
        await process.SendLineAsync("GET / HTTP/1.0\n", cancellationToken);
        await process.WaitForLineAsync(" 200 ", cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return await QuoteAsync(process, ">>>", "<<<", cancellationToken);
    }

    private static async Task<string> WeUpdateAsServerAsync(CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var process = PeerProcess.Start("openssl", ClientArguments(((IPEndPoint)listener.LocalEndpoint).Port));
        await using var stream = new TlsStream(new NetworkStream(await listener.AcceptSocketAsync(cancellationToken), ownsSocket: true));
        await stream.AuthenticateAsServerAsync(KippuServers.Make13(_ => { }), cancellationToken);
        stream.UpdateKeys(requestPeer: true);
        await stream.WriteAsync("under new keys\n"u8.ToArray(), cancellationToken);
        await process.WaitForLineAsync("under new keys", cancellationToken);
        await process.SendLineAsync("under new keys too", cancellationToken);
        Assert.Equal("under new keys too", await ReadLineAsync(stream, cancellationToken));
        return await QuoteAsync(process, "<<<", ">>>", cancellationToken);
    }

    private static async Task<string> ServerUpdatesAsync(CancellationToken cancellationToken)
    {
        var (process, port) = await StartServerAsync(cancellationToken);
        await using var server = process;
        await using var stream = await ConnectAsync(port, cancellationToken);
        await stream.WriteAsync("before\n"u8.ToArray(), cancellationToken);
        await process.WaitForLineAsync("before", cancellationToken);
        await process.SendLineAsync("K", cancellationToken);
        await process.WaitForLineAsync(KeyUpdate, cancellationToken);
        await process.SendLineAsync("under new keys", cancellationToken);
        Assert.Equal("under new keys", await ReadLineAsync(stream, cancellationToken));
        await stream.WriteAsync("under new keys too\n"u8.ToArray(), cancellationToken);
        await process.WaitForLineAsync("under new keys too", cancellationToken);
        return await QuoteAsync(process, ">>>", "<<<", cancellationToken);
    }

    private static async Task<string> WeUpdateAsClientAsync(CancellationToken cancellationToken)
    {
        var (process, port) = await StartServerAsync(cancellationToken);
        await using var server = process;
        await using var stream = await ConnectAsync(port, cancellationToken);
        stream.UpdateKeys(requestPeer: true);
        await stream.WriteAsync("under new keys\n"u8.ToArray(), cancellationToken);
        await process.WaitForLineAsync("under new keys", cancellationToken);
        await process.SendLineAsync("under new keys too", cancellationToken);
        Assert.Equal("under new keys too", await ReadLineAsync(stream, cancellationToken));
        return await QuoteAsync(process, "<<<", ">>>", cancellationToken);
    }

    private static async Task<(PeerProcess Process, int Port)> StartServerAsync(CancellationToken cancellationToken)
    {
        var port = FreePort.Next();
        var process = PeerProcess.Start("openssl",
        [
            "s_server", "-accept", $"127.0.0.1:{port}", "-cert", PeerPki.Ecdsa.CertificatePath, "-cert_chain", PeerPki.Ecdsa.IntermediatesPath, "-key", PeerPki.Ecdsa.KeyPath,
            "-tls1_3", "-msg",
        ]);
        await process.WaitForLineAsync("ACCEPT", cancellationToken);
        return (process, port);
    }

    private static async Task<TlsStream> ConnectAsync(int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        var stream = new TlsStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(KippuClients.Make(options => { options.Protocols = SslProtocols.Tls13; options.CipherSuites.Clear(); }), new TlsTarget("localhost"), cancellationToken);
        return stream;
    }

    private static async Task<string> ReadLineAsync(TlsStream stream, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var buffer = new byte[1];
        while (await stream.ReadAsync(buffer, cancellationToken) == 1 && buffer[0] != '\n')
        {
            line.Append((char)buffer[0]);
        }

        return line.ToString();
    }

    /// <summary>Its KeyUpdates: one in each direction.</summary>
    private static async Task<string> QuoteAsync(PeerProcess process, string first, string second, CancellationToken cancellationToken)
    {
        var updates = await process.WaitUntilAsync(
            lines => lines.Where(line => line.EndsWith(KeyUpdate, StringComparison.Ordinal)).Select(line => line.Trim()).ToList() is { Count: >= 2 } both ? both : null, cancellationToken);
        Assert.Equal(2, updates.Count);
        Assert.StartsWith(first, updates[0], StringComparison.Ordinal);
        Assert.StartsWith(second, updates[1], StringComparison.Ordinal);
        return string.Join(" ", updates.Select(line => $"`{line}`"));
    }
}
