using Microsoft.AspNetCore.Connections;

namespace Kippu.AspNetCore.Servers;

/// <summary>Which <see cref="TlsServer"/> answers to a connection.</summary>
internal interface IServerChoice
{
    /// <summary>Whether <see cref="ChooseAsync"/> looks at the hello.</summary>
    bool NeedsHello { get; }

    /// <param name="connection">The connection.</param>
    /// <param name="hello">Null if it is not needed, or is none: then any server will do, since the handshake fails.</param>
    /// <param name="cancellationToken">Ends with the handshake's time limit.</param>
    /// <returns>Null if no server answers to this client.</returns>
    ValueTask<TlsServer?> ChooseAsync(ConnectionContext connection, ClientHelloInfo? hello, CancellationToken cancellationToken);
}
