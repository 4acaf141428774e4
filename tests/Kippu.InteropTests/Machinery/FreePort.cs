using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Kippu.InteropTests.Machinery;

/// <summary>
/// Ports of the loopback interface that nobody listens at, for programs that must be told theirs. They lie below the range from which the system chooses: so no
/// connection and no listener of ours takes one between the choice and the program's start, and no connection attempt meets itself.
/// </summary>
internal static class FreePort
{
    private const int First = 15_000;
    private const int End = 32_000;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);
    private static readonly ConcurrentDictionary<int, bool> s_handedOut = new();

    /// <summary>No port is handed out twice in a run.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            if (s_handedOut.TryAdd(port, true) && IsFree(port))
            {
                return port;
            }
        }
    }

    /// <summary>Waits until the program that was told the port accepts connections there.</summary>
    public static async Task WaitUntilOpenAsync(int port, PeerProcess owner, CancellationToken cancellationToken)
    {
        while (!await IsOpenAsync(port, cancellationToken))
        {
            if (owner.HasExited)
            {
                throw owner.Failure("ended before it opened its port");
            }

            // Refusals come at once, so there must be a pause; the bound on the whole is the token's.
            await Task.Delay(s_pause, cancellationToken);
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Any, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<bool> IsOpenAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
