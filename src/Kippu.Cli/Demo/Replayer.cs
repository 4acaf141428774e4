using System.Net.Sockets;

namespace Kippu.Cli.Demo;

/// <summary>Somebody who has recorded a client's first flight on its way and has no keys: all that he can do is to send it again, byte for byte.</summary>
internal static class Replayer
{
    private const int Handshake = 22;

    /// <summary>Sends the flight, waits for the beginning of an answer, and hangs up.</summary>
    /// <returns>The time until the answer.</returns>
    public static async Task<TimeSpan> SendAsync(DemoNode node, byte[] flight, TimeProvider time, CancellationToken cancellationToken)
    {
        using var socket = await node.DialAsync(cancellationToken).ConfigureAwait(false);
        var start = time.GetTimestamp();
        await socket.SendAsync(flight, cancellationToken).ConfigureAwait(false);
        var answer = new byte[4096];
        var count = await socket.ReceiveAsync(answer, cancellationToken).ConfigureAwait(false);
        var elapsed = time.GetElapsedTime(start);
        if (count == 0 || answer[0] != Handshake)
        {
            throw new IOException("the node did not answer the replayed flight with a handshake");
        }

        // Half a close: the node reads to the end of the flight, and what it still sends is taken.
        socket.Shutdown(SocketShutdown.Send);
        while (await socket.ReceiveAsync(answer, cancellationToken).ConfigureAwait(false) > 0)
        {
        }

        return elapsed;
    }
}
