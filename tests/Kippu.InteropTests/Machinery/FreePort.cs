using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Kippu.InteropTests.Machinery;

/// <summary>Ports of the loopback interface that nobody listens at. No port is handed out twice in a run.</summary>
internal static class FreePort
{
    private static readonly ConcurrentDictionary<int, bool> s_handedOut = new();

    public static int Next()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            if (s_handedOut.TryAdd(port, true))
            {
                return port;
            }
        }
    }

    /// <summary>Waits until somebody accepts connections at the port.</summary>
    public static async Task WaitUntilOpenAsync(int port, PeerProcess owner, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return;
            }
            catch (SocketException)
            {
                // Not yet. Refusals come at once, so there must be a pause; the bound on the whole is the token's.
                await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
                if (owner.HasExited)
                {
                    throw owner.Failure("ended before it opened its port");
                }
            }
        }
    }
}
