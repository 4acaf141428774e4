using Kippu.AspNetCore.Hosting;
using Kippu.AspNetCore.Servers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Kippu.AspNetCore.Connections;

/// <summary>
/// Stands before Kestrel's HTTPS middleware on the same endpoint. A connection that is served here bears <see cref="ITlsConnectionFeature"/> from then on, which Kestrel's
/// middleware takes as a sign to let it through untouched; one that is not goes on as it came, and gets an <c>SslStream</c> there.
/// </summary>
internal sealed class KippuConnectionMiddleware(ConnectionDelegate next, KestrelEndpoint endpoint, KippuProfile profile)
{
    public Task OnConnectionAsync(ConnectionContext context) =>
        context.Features.Get<ITlsConnectionFeature>() is null && profile.TakesNext() ? ServeAsync(context) : next(context);

    private async Task ServeAsync(ConnectionContext context)
    {
        if (!await FirstByte.ArrivesAsync(context, endpoint.HandshakeTimeout).ConfigureAwait(false))
        {
            return;
        }

        var transport = context.Transport;
        var tls = new TlsDuplexPipe(transport, leaveTransportOpen: true);
        await using (tls.ConfigureAwait(false))
        {
            try
            {
                await tls.AuthenticateAsServerAsync(endpoint.Choose(context)).ConfigureAwait(false);
            }
            catch (Exception)
            {
                return;
            }

            var features = new KippuConnectionFeature(tls);
            context.Features.Set<ITlsConnectionFeature>(features);
            context.Features.Set<ITlsHandshakeFeature>(features);
            context.Features.Set<ITlsApplicationProtocolFeature>(features);
            context.Features.Set<IKippuConnectionFeature>(features);
            context.Transport = tls;
            try
            {
                await next(context).ConfigureAwait(false);
            }
            finally
            {
                context.Transport = transport;
            }
        }
    }
}
