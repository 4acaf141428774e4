using System.IO.Pipelines;

namespace Kippu.AspNetCore.Connections;

/// <summary>Looks at the hello that has come and leaves it in the transport's pipe.</summary>
internal static class HelloPeek
{
    /// <returns>The hello, or null if it is none; with the bytes that it was read from given to <paramref name="callback"/>.</returns>
    public static async ValueTask<ClientHelloInfo?> ReadAsync(PipeReader input, Action<System.Buffers.ReadOnlySequence<byte>>? callback, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            var isRead = ClientHelloReader.TryRead(result.Buffer, out var hello) || result.IsCompleted;
            try
            {
                if (hello is not null)
                {
                    callback?.Invoke(result.Buffer);
                }
            }
            finally
            {
                input.AdvanceTo(result.Buffer.Start, isRead ? result.Buffer.Start : result.Buffer.End);
            }

            if (isRead)
            {
                return hello;
            }
        }
    }
}
