using System.Net.Sockets;
using System.Security.Authentication;

namespace Kippu.Cli.Demo;

/// <summary>
/// The first handshakes of a process pay for the compiler: a hundred times what they cost later. What a command measures is not that, so handshakes that nobody
/// sees, a full one and a resumed one of each version, pay before.
/// </summary>
internal static class WarmUp
{
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var fleet = DemoFleet.Start(0, 0, null);
            foreach (var version in new[] { SslProtocols.Tls12, SslProtocols.Tls13 })
            {
                var client = new DemoClient(fleet, version);
                await client.ConnectAsync(fleet.A, cancellationToken).ConfigureAwait(false);
                await client.ConnectAsync(fleet.B, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or CommandFault)
        {
            // Without a loopback interface the times are less beautiful, and that is all.
        }
    }
}
