using Microsoft.AspNetCore.Connections;

namespace Kippu.AspNetCore.Servers;

/// <summary>Kestrel's configured certificate: it changes only when Kestrel makes the endpoint anew.</summary>
internal sealed class OneServer(TlsServer server) : IServerChoice
{
    public bool NeedsHello => false;

    public ValueTask<TlsServer?> ChooseAsync(ConnectionContext connection, ClientHelloInfo? hello, CancellationToken cancellationToken) => new(server);
}
