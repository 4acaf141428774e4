using Kippu.Cli.Ladders;

namespace Kippu.Cli.Tls;

/// <summary>A <see cref="TlsStream"/> of a command, with its early data in either role.</summary>
/// <param name="network">Carries the records; it is owned.</param>
/// <param name="recorder">Is told of early data that was accepted: no engine tells of application data. Null: nobody.</param>
internal sealed class TlsChannel(Stream network, HandshakeRecorder? recorder) : IAsyncDisposable
{
    private readonly TlsStream _stream = new(network, leaveInnerStreamOpen: false);
    private readonly MemoryStream _early = new();

    /// <summary>Application data after the handshake.</summary>
    public Stream Stream => _stream;

    /// <summary>What the engine's observer calls it, as soon as there is an engine.</summary>
    public long? ConnectionNumber { get; private set; }

    public TlsConnectionInfo Info => _stream.Info;

    /// <summary>Server: what came as early data. It belongs before <see cref="Stream"/>.</summary>
    public ReadOnlyMemory<byte> EarlyData => _early.GetBuffer().AsMemory(0, (int)_early.Length);

    /// <summary>Client: how much was accepted as early data, and need not be sent again.</summary>
    public int EarlyDataAccepted { get; private set; }

    /// <param name="client">Shared by all connections.</param>
    /// <param name="target">Whom the server's certificate must name.</param>
    /// <param name="earlyData">Goes with the first flight if a session allows it; empty: there is none.</param>
    /// <param name="cancellationToken">Gives the handshake up.</param>
    public async Task ConnectAsync(TlsClient client, TlsTarget target, ReadOnlyMemory<byte> earlyData, CancellationToken cancellationToken)
    {
        var handshake = ConnectCoreAsync(client, target, earlyData, cancellationToken);
        ConnectionNumber = _stream.ConnectionNumber;
        var rest = await handshake.ConfigureAwait(false);
        EarlyDataAccepted = Info.EarlyDataAccepted ? earlyData.Length - rest.Length : 0;
        Note(EarlyDataAccepted);
    }

    /// <summary>The handshake to its end, and the early data before it: what is answered is answered to somebody who is there.</summary>
    public async Task AcceptAsync(TlsServer server, CancellationToken cancellationToken)
    {
        var handshake = _stream.AuthenticateAsServerAsync(server, cancellationToken);
        ConnectionNumber = _stream.ConnectionNumber;
        await handshake.ConfigureAwait(false);
        var buffer = new byte[4096];
        for (var count = 0; (count = await _stream.ReadEarlyDataAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            _early.Write(buffer.AsSpan(0, count));
            Note(count);
        }

        await _stream.CompleteHandshakeAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="TlsStream.ExportKeyingMaterial"/>
    public void ExportKeyingMaterial(ReadOnlySpan<byte> label, byte[]? context, Span<byte> destination) => _stream.ExportKeyingMaterial(label, context, destination);

    /// <summary>Says close_notify; reading may go on.</summary>
    public Task ShutdownAsync(CancellationToken cancellationToken) => _stream.ShutdownAsync(cancellationToken);

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    /// <returns>What is still to be sent of the early data.</returns>
    private async Task<ReadOnlyMemory<byte>> ConnectCoreAsync(TlsClient client, TlsTarget target, ReadOnlyMemory<byte> earlyData, CancellationToken cancellationToken)
    {
        if (!earlyData.IsEmpty)
        {
            return await _stream.AuthenticateAsClientAsync(client, target, new ClientEarlyData(earlyData, EarlyDataFallback.LeaveToCaller), cancellationToken).ConfigureAwait(false);
        }

        await _stream.AuthenticateAsClientAsync(client, target, cancellationToken).ConfigureAwait(false);
        return default;
    }

    private void Note(int length)
    {
        if (length > 0)
        {
            recorder?.NoteEarlyData(_stream.ConnectionNumber, length);
        }
    }
}
