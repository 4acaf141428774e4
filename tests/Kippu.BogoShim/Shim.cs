namespace Kippu.BogoShim;

/// <summary>One test: one to three connections in turn.</summary>
internal static class Shim
{
    public static void Run(ShimArguments arguments)
    {
        using var state = new ShimState();
        for (var number = 0; number < arguments.Connections; number++)
        {
            var flags = number == 0 ? arguments.Initial : arguments.Resume;
            if (number > 0 && !arguments.IsServer && state.Store.Count == 0)
            {
                throw new ShimFailure("there is no session to offer");
            }

            state.BeginTrace();
            using var owner = new ShimEndpoint(arguments.IsServer, flags, state);
            using var exchange = new ShimExchange(owner, flags, arguments.Retry, state, isLater: number > 0);
            exchange.Run();
            SessionExpectations.Check(arguments.IsServer, exchange.Flags, state, isLater: number > 0, exchange);
            state.Clock.Advance(TimeSpan.FromSeconds(flags.Int("resumption-delay") ?? 0));
        }
    }
}
