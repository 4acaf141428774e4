using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Kippu.AspNetCore.Connections;

/// <summary>Waits for the first byte of a connection. One that ends before it has not failed: a balancer asks in this way whether the port is open.</summary>
internal static class FirstByte
{
    /// <returns>False if the connection ended, the server stops, or the client has said nothing for <paramref name="limit"/>.</returns>
    public static async ValueTask<bool> ArrivesAsync(ConnectionContext context, TimeSpan limit)
    {
        var input = context.Transport.Input;
        if (input.TryRead(out var result) && !result.Buffer.IsEmpty)
        {
            input.AdvanceTo(result.Buffer.Start);
            return true;
        }

        var stopping = context.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(limit);
        try
        {
            while (true)
            {
                if (result.Buffer.IsEmpty is false)
                {
                    return true;
                }

                result = await input.ReadAsync(patience.Token).ConfigureAwait(false);
                input.AdvanceTo(result.Buffer.Start);
                if (result.Buffer.IsEmpty && (result.IsCompleted || result.IsCanceled))
                {
                    return false;
                }
            }
        }
        catch (Exception reason) when (reason is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            return false;
        }
    }
}
