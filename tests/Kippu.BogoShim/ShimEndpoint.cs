namespace Kippu.BogoShim;

/// <summary>The server or client of one connection.</summary>
internal sealed class ShimEndpoint : IDisposable
{
    private const int AnyPort = 443;

    private readonly TlsServer? _server;
    private readonly TlsConnection _connection;

    public ShimEndpoint(bool isServer, FlagSet flags, ShimState state)
    {
        try
        {
            if (isServer)
            {
                _server = new TlsServer(TlsOptions.ForServer(flags, state));
                _connection = _server.CreateConnection();
            }
            else
            {
                _connection = ClientConnection(flags, state, state.Store);
            }
        }
        catch (ArgumentException reason)
        {
            throw new UnimplementedException(reason.Message);
        }
    }

    public bool IsServer => _server is not null;

    public TlsConnection Connection => _connection;

    /// <summary>A client's connection that would offer what is in <paramref name="store"/>.</summary>
    public static TlsConnection ClientConnection(FlagSet flags, ShimState state, ClientSessionStore store)
    {
        var options = TlsOptions.ForClient(flags, state);
        options.SessionStore = store;
        // The runner's certificates are for "test", whatever server_name the test asks for.
        var name = flags.Value("host-name");
        return new TlsClient(options).CreateConnection(new TlsTarget("test", AnyPort) { ServerName = name ?? "" });
    }

    public void Dispose() => _server?.Dispose();
}
