using Microsoft.AspNetCore.Http;

namespace Kippu.AspNetCore.Requests;

/// <summary>Answers 425 (Too Early) to what may be a replay, where the endpoint has not said that it can bear one (RFC 8470 §5.2).</summary>
internal sealed class EarlyDataGuard(RequestDelegate next)
{
    private const int TooEarly = 425;
    private const string EarlyDataHeader = "Early-Data";

    public Task InvokeAsync(HttpContext context)
    {
        if (!MayBeReplay(context) || context.GetEndpoint()?.Metadata.GetMetadata<IAllowEarlyData>() is not null)
        {
            return next(context);
        }

        // RFC 8470 §5.2: the client sends the request again, not in early data. Nothing of it was done, and nothing of the answer may be kept for it.
        context.Response.StatusCode = TooEarly;
        context.Response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }

    /// <remarks>
    /// Once the handshake is complete it is certain that the client itself has sent what came before, so a request that is only now looked at is none.
    /// A proxy's word is taken from anybody: it can only make us more careful. RFC 8470 §5.1: "Multiple or invalid instances of the header field MUST be treated as
    /// equivalent to a single instance with a value of 1 by a server."
    /// </remarks>
    private static bool MayBeReplay(HttpContext context) =>
        context.Features.Get<IKippuConnectionFeature>() is { IsHandshakeComplete: false } || context.Request.Headers.ContainsKey(EarlyDataHeader);
}
