namespace Kippu.Cli.Tls;

/// <summary>A connection of a command: over a <see cref="TlsStream"/>, or over an <see cref="EarlyDataStream"/> where early data may be sent or taken.</summary>
/// <param name="network">Carries the records; it is owned.</param>
/// <param name="withEarlyData">Which of the two.</param>
internal sealed class TlsChannel(Stream network, bool withEarlyData) : IAsyncDisposable
{
    private readonly TlsStream? _plain = withEarlyData ? null : new TlsStream(network, leaveInnerStreamOpen: false);
    private EarlyDataStream? _early;

    /// <summary>Of the command, for connections with early data; the others have that of their options.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Client: any certificate will do.</summary>
    public bool AcceptAny { get; init; }

    /// <summary>Is told of early data that went out or came in: on which connection, how much.</summary>
    public Action<long, int>? OnEarlyData { get; init; }

    /// <summary>Application data; early data, if some came, comes first.</summary>
    public Stream Stream => (Stream?)_plain ?? _early ?? throw new InvalidOperationException("there was no handshake");

    /// <summary>The engine, as soon as there is one.</summary>
    public TlsConnection? Connection { get; private set; }

    public TlsConnectionInfo Info => Connection!.Info;

    /// <summary>Server: how much early data came.</summary>
    public int EarlyDataReceived => _early?.EarlyDataReceived ?? 0;

    /// <summary>Client: what became of the early data.</summary>
    public EarlyDataOutcome EarlyData => _early switch
    {
        null or { EarlyDataSent: 0 } => EarlyDataOutcome.NotOffered,
        { IsEarlyDataRejected: true } => EarlyDataOutcome.Refused,
        _ => EarlyDataOutcome.Accepted,
    };

    /// <summary>Client: how much of the early data need not be sent again.</summary>
    public int EarlyDataAccepted => _early is { IsEarlyDataRejected: false } early ? early.EarlyDataSent : 0;

    public async Task ConnectAsync(TlsClient client, TlsTarget target, ReadOnlyMemory<byte> earlyData, CancellationToken cancellationToken)
    {
        if (_plain is null)
        {
            await HandshakeAsync(client.CreateConnection(target), earlyData, cancellationToken).ConfigureAwait(false);
            return;
        }

        var handshake = _plain.AuthenticateAsClientAsync(client, target, cancellationToken);
        Connection = _plain.Connection;
        await handshake.ConfigureAwait(false);
    }

    public async Task AcceptAsync(TlsServer server, CancellationToken cancellationToken)
    {
        if (_plain is null)
        {
            await HandshakeAsync(server.CreateConnection(), default, cancellationToken).ConfigureAwait(false);
            return;
        }

        var handshake = _plain.AuthenticateAsServerAsync(server, cancellationToken);
        Connection = _plain.Connection;
        await handshake.ConfigureAwait(false);
    }

    /// <summary>Says close_notify; reading may go on.</summary>
    public Task ShutdownAsync(CancellationToken cancellationToken) =>
        _plain is not null ? _plain.ShutdownAsync(cancellationToken) : _early!.ShutdownAsync(cancellationToken);

    public ValueTask DisposeAsync() => _plain?.DisposeAsync() ?? _early?.DisposeAsync() ?? network.DisposeAsync();

    private async Task HandshakeAsync(TlsConnection connection, ReadOnlyMemory<byte> earlyData, CancellationToken cancellationToken)
    {
        Connection = connection;
        _early = new EarlyDataStream(network, connection, AcceptAny) { OnEarlyData = length => OnEarlyData?.Invoke(connection.Number, length) };
        await _early.HandshakeAsync(earlyData, HandshakeTimeout, cancellationToken).ConfigureAwait(false);
    }
}
