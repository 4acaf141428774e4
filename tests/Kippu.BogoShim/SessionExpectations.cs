using System.Security.Authentication;

namespace Kippu.BogoShim;

/// <summary>What the test expects to be left for the next connection.</summary>
internal static class SessionExpectations
{
    public static void Check(bool isServer, FlagSet flags, ShimState state, bool isLater, ShimExchange exchange)
    {
        var info = exchange.Connection.Info;
        if (isServer)
        {
            CheckServer(flags, state, isLater);
            return;
        }

        if (flags.Has("expect-no-session"))
        {
            if (state.Store.Count > 0)
            {
                throw new ShimFailure("there is a session");
            }

            return;
        }

        var mustHaveOne = info.Protocol == SslProtocols.Tls13 ? !flags.Has("shim-shuts-down") : !info.IsResumed || flags.Has("expect-ticket-renewal");
        if (mustHaveOne && state.Store.Count == 0)
        {
            throw new ShimFailure("there is no session");
        }

        if (flags.Has("expect-ticket-renewal") && info.Protocol == SslProtocols.Tls12 && !info.NewTicket)
        {
            throw new ShimFailure("there is no new ticket");
        }

        if (state.Store.Count > 0 && flags.Has("enable-early-data") && flags.Has("expect-ticket-supports-early-data") != AllowsEarlyData(flags, state))
        {
            throw new ShimFailure(flags.Has("expect-ticket-supports-early-data") ? "the ticket does not allow early data" : "the ticket allows early data");
        }
    }

    private static void CheckServer(FlagSet flags, ShimState state, bool isLater)
    {
        if (!isLater && ((flags.Has("expect-session-id") && state.SessionCache.Count == 0) || (flags.Has("expect-no-session-id") && state.SessionCache.Count > 0)))
        {
            throw new ShimFailure($"{state.SessionCache.Count} sessions are in the cache");
        }
    }

    /// <summary>Asked of a copy of the store: a ticket of TLS 1.3 is used once.</summary>
    private static bool AllowsEarlyData(FlagSet flags, ShimState state)
    {
        using var exported = new MemoryStream();
        state.Store.Export(exported);
        exported.Position = 0;
        var copy = new ClientSessionStore();
        copy.Import(exported, state.Clock.GetUtcNow());
        using var probe = ShimEndpoint.ClientConnection(flags, state, copy);
        return probe.EarlyDataLimit > 0;
    }
}
