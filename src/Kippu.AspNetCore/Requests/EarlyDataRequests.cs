using Kippu;
using Kippu.AspNetCore;
using Kippu.AspNetCore.Hosting;
using Kippu.AspNetCore.Requests;

namespace Microsoft.AspNetCore.Builder;

/// <summary>What an application does about early data (0-RTT, RFC 8446 §2.3; in HTTP: RFC 8470).</summary>
public static class EarlyDataRequests
{
    /// <summary>
    /// Answers 425 (Too Early) to a request that may be a replay, unless its endpoint has called <see cref="AllowEarlyData"/>: one that came in early data while the
    /// handshake is not complete, and one that a proxy has marked with <c>Early-Data: 1</c>. The client then sends it again.
    /// </summary>
    /// <param name="app">The application. Call it after routing; without it an endpoint with <see cref="EarlyDataOptions.MaxSize"/> does not start.</param>
    public static IApplicationBuilder UseEarlyDataGuard(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        KippuRuntime.Of(app.ApplicationServices).GuardsEarlyData = true;
        return app.UseMiddleware<EarlyDataGuard>();
    }

    /// <summary>These endpoints may be served from early data: they do nothing that they would not do twice.</summary>
    /// <param name="endpoints">The endpoints.</param>
    public static TBuilder AllowEarlyData<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.Add(endpoint => endpoint.Metadata.Add(new AllowEarlyDataAttribute()));
        return endpoints;
    }
}
