using System.Net.Sockets;

namespace Kippu.Cli.Demo;

/// <summary>
/// The first handshakes of a process pay for the compiler: a hundred times what they cost later. What a command measures is not that, so two handshakes that nobody
/// sees, a full one and a resumed one, pay before.
/// </summary>
internal static class WarmUp
{
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var fleet = DemoFleet.Start(0, 0, null);
            var client = new DemoClient(fleet);
            await client.ConnectAsync(fleet.A.Address, cancellationToken).ConfigureAwait(false);
            await client.ConnectAsync(fleet.B.Address, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or CommandFault)
        {
            // Without a loopback interface the times are less beautiful, and that is all.
        }
    }
}
