using System.Net.Sockets;
using System.Text;

namespace Kippu.InteropTests.Ours;

/// <summary>One connection of our client: what was negotiated, and what the server answered to a GET.</summary>
internal sealed record KippuVisit(TlsConnectionInfo Info, string Response)
{
    /// <summary>The target is the same whatever the port: a session of one server is offered to the next.</summary>
    private static readonly TlsTarget s_target = new("localhost");

    public static async Task<KippuVisit> GetAsync(TlsClient client, int port, CancellationToken cancellationToken)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", port, cancellationToken);
        await using var stream = new TlsStream(tcp.GetStream());
        await stream.AuthenticateAsClientAsync(client, s_target, cancellationToken);
        await stream.WriteAsync("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"u8.ToArray(), cancellationToken);
        var response = await ReadToEndAsync(stream, cancellationToken);
        return new KippuVisit(stream.Info, response);
    }

    private static async Task<string> ReadToEndAsync(TlsStream stream, CancellationToken cancellationToken)
    {
        using var response = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                response.Write(buffer, 0, read);
            }
        }
        catch (TlsException truncated) when (truncated.Fault == TlsFault.Truncated && response.Length > 0)
        {
            // Some servers end the transport without close_notify; that is not what these tests are about.
        }

        return Encoding.UTF8.GetString(response.ToArray());
    }
}
