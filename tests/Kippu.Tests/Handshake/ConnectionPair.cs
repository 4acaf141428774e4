namespace Kippu.Tests.Handshake;

/// <summary>A client and a server joined in memory. What each sends can be looked at, cut, or changed on its way.</summary>
internal sealed class ConnectionPair : IDisposable
{
    public ConnectionPair(TlsClient client, TlsServer server, TlsTarget? target = null)
    {
        Client = new Endpoint(client.CreateConnection(target ?? new TlsTarget(TestServers.Name)));
        Server = new Endpoint(server.CreateConnection());
    }

    public Endpoint Client { get; }

    public Endpoint Server { get; }

    /// <summary>All that the client sent.</summary>
    public List<byte> FromClient { get; } = [];

    /// <summary>All that the server sent.</summary>
    public List<byte> FromServer { get; } = [];

    /// <summary>Changes what is on its way (true: from the client); the default leaves it alone.</summary>
    public Func<bool, byte[], byte[]> Tamper { get; set; } = static (_, bytes) => bytes;

    /// <summary>Cuts what is on its way into pieces; the default delivers it whole.</summary>
    public Func<byte[], IEnumerable<byte[]>> Cut { get; set; } = static bytes => [bytes];

    /// <summary>Carries bytes to and fro until neither has anything to say.</summary>
    public ConnectionPair Run()
    {
        while (Carry(Client, Server, FromClient, fromClient: true) | Carry(Server, Client, FromServer, fromClient: false))
        {
        }

        return this;
    }

    /// <summary>The client's hello, and with it early data.</summary>
    public void SendEarly(ReadOnlySpan<byte> data)
    {
        var output = new byte[Client.Connection.GetWriteSize(data.Length)];
        var result = Client.Connection.WriteEarlyData(data, output);
        Deliver(output[..result.Written], Server, FromClient, fromClient: true);
    }

    /// <summary>Runs the handshake and insists that it succeeds.</summary>
    public ConnectionPair Connect()
    {
        Run();
        Throw(Client);
        Throw(Server);
        if (!Client.Connection.IsConnected || !Server.Connection.IsConnected)
        {
            throw new InvalidOperationException("the handshake did not end");
        }

        return this;
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }

    private static void Throw(Endpoint endpoint)
    {
        if (endpoint.Fault is { } fault)
        {
            throw fault;
        }
    }

    private bool Carry(Endpoint from, Endpoint to, List<byte> record, bool fromClient)
    {
        from.Step();
        if (!from.Connection.HasPendingOutput)
        {
            return false;
        }

        Deliver(from.Drain(), to, record, fromClient);
        return true;
    }

    private void Deliver(byte[] bytes, Endpoint to, List<byte> record, bool fromClient)
    {
        record.AddRange(bytes);
        foreach (var piece in Cut(Tamper(fromClient, bytes)))
        {
            to.Receive(piece);
        }
    }
}
