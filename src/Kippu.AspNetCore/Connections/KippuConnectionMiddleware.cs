using Kippu.AspNetCore.Diagnostics;
using Kippu.AspNetCore.Hosting;
using Kippu.AspNetCore.Servers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace Kippu.AspNetCore.Connections;

/// <summary>
/// Stands before Kestrel's HTTPS middleware on the same endpoint. A connection that is served here bears <see cref="ITlsConnectionFeature"/> from then on, which Kestrel's
/// middleware takes as a sign to let it through untouched; one that is not goes on as it came, and gets an <c>SslStream</c> there.
/// </summary>
internal sealed class KippuConnectionMiddleware(ConnectionDelegate next, KestrelEndpoint endpoint, KippuProfile profile)
{
    private readonly ILogger _log = profile.Runtime.Log(KippuLog.Handshake);
    private readonly ServerHandshakes _handshakes = new(endpoint, profile);

    public Task OnConnectionAsync(ConnectionContext context)
    {
        if (context.Features.Get<ITlsConnectionFeature>() is not null)
        {
            // Somebody before us has ended the TLS of this connection.
            return next(context);
        }

        if (profile.Mode.TakesNext())
        {
            return ServeAsync(context);
        }

        EngineTag.Set(context, EngineTag.SslStream);
        return next(context);
    }

    private async Task ServeAsync(ConnectionContext context)
    {
        EngineTag.Set(context, EngineTag.Kippu);
        var arrival = await HelloArrival.WaitAsync(context, endpoint.HandshakeTimeout, profile.Runtime.Time).ConfigureAwait(false);
        if (arrival == HelloArrivalResult.Nothing)
        {
            KippuLog.NothingCame(_log, context.ConnectionId);
            return;
        }

        var transport = context.Transport;
        var tls = new TlsDuplexPipe(transport, leaveTransportOpen: true) { AcceptsIncompleteClose = true };
        await using (tls.ConfigureAwait(false))
        {
            if (!await _handshakes.TryRunAsync(context, tls, arrival).ConfigureAwait(false))
            {
                return;
            }

            var features = new KippuConnectionFeature(tls);
            context.Features.Set<ITlsConnectionFeature>(features);
            context.Features.Set<ITlsHandshakeFeature>(features);
            context.Features.Set<ITlsApplicationProtocolFeature>(features);
            context.Features.Set<IKippuConnectionFeature>(features);
            try
            {
                await (tls.IsAuthenticated ? CarryOnAsync(context, tls) : CarryOnWithEarlyDataAsync(context, tls)).ConfigureAwait(false);
            }
            finally
            {
                // Kestrel closes the transport that it made; close_notify goes out before, when the pipe is disposed.
                context.Transport = transport;
            }
        }
    }

    private Task CarryOnAsync(ConnectionContext context, TlsDuplexPipe tls)
    {
        context.Transport = tls;
        return next(context);
    }

    private async Task CarryOnWithEarlyDataAsync(ConnectionContext context, TlsDuplexPipe tls)
    {
        var joined = new EarlyDataTransport(tls);
        await using (joined.ConfigureAwait(false))
        {
            context.Transport = joined;
            await next(context).ConfigureAwait(false);
        }
    }
}
