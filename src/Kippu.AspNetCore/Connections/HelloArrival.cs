using System.Buffers;
using System.Buffers.Binary;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Kippu.AspNetCore.Connections;

/// <summary>
/// Waits for a connection's first record, and leaves it where it is. A connection that ends before its first byte has not failed: a balancer asks in this way whether the port is
/// open, and browsers open connections that they may never use.
/// </summary>
internal static class HelloArrival
{
    private const int RecordHeaderLength = 5;
    private const byte Handshake = 22;

    public static async ValueTask<HelloArrivalResult> WaitAsync(ConnectionContext context, TimeSpan limit, TimeProvider time)
    {
        var input = context.Transport.Input;
        if (input.TryRead(out var result) && IsEnough(result.Buffer))
        {
            input.AdvanceTo(result.Buffer.Start);
            return HelloArrivalResult.Hello;
        }

        input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        var came = !result.Buffer.IsEmpty;
        var stopping = context.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var timer = new CancellationTokenSource(limit, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping, timer.Token);
        try
        {
            while (true)
            {
                result = await input.ReadAsync(patience.Token).ConfigureAwait(false);
                came |= !result.Buffer.IsEmpty;
                var isEnough = IsEnough(result.Buffer) || (came && result.IsCompleted);
                input.AdvanceTo(result.Buffer.Start, isEnough ? result.Buffer.Start : result.Buffer.End);
                if (isEnough)
                {
                    return HelloArrivalResult.Hello;
                }

                if (result.IsCompleted || result.IsCanceled)
                {
                    return HelloArrivalResult.Nothing;
                }
            }
        }
        catch (Exception reason) when (reason is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            return came ? HelloArrivalResult.Stalled : HelloArrivalResult.Nothing;
        }
    }

    /// <summary>A whole record, or bytes that begin no hello: the engine knows what to say to those.</summary>
    private static bool IsEnough(in ReadOnlySequence<byte> input)
    {
        if (input.IsEmpty || input.FirstSpan[0] != Handshake)
        {
            return !input.IsEmpty;
        }

        if (input.Length < RecordHeaderLength)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[RecordHeaderLength];
        input.Slice(0, RecordHeaderLength).CopyTo(header);
        return input.Length >= RecordHeaderLength + BinaryPrimitives.ReadUInt16BigEndian(header[3..]);
    }
}
