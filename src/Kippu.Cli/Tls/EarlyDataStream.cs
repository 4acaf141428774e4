namespace Kippu.Cli.Tls;

/// <summary>
/// TLS over a stream, driven from <see cref="TlsConnection"/> step by step: for connections with early data, which needs to be told apart. One step at a time: it is
/// either read or written.
/// </summary>
/// <param name="network">Carries the records; it is owned.</param>
/// <param name="connection">The engine; it is owned.</param>
/// <param name="acceptAny">Accepts any certificate, as the options of the engine say.</param>
internal sealed class EarlyDataStream(Stream network, TlsConnection connection, bool acceptAny) : Stream
{
    private const int RecordLength = 16 * 1024;

    private readonly List<byte> _received = [];
    private readonly byte[] _plaintext = new byte[RecordLength];
    private ReadOnlyMemory<byte> _delivered;
    private byte[] _input = new byte[2 * RecordLength];
    private int _inputStart;
    private int _inputEnd;
    private bool _isClosed;

    public TlsConnection Connection => connection;

    /// <summary>Client: how much was sent as early data.</summary>
    public int EarlyDataSent { get; private set; }

    /// <summary>Client: the server did not take it.</summary>
    public bool IsEarlyDataRejected { get; private set; }

    /// <summary>Server: how much came as early data. It is what <see cref="ReadAsync(Memory{byte}, CancellationToken)"/> gives first.</summary>
    public int EarlyDataReceived { get; private set; }

    /// <summary>Is told how much early data went out or came in.</summary>
    public Action<int>? OnEarlyData { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The handshake of either side.</summary>
    /// <param name="earlyData">Client: sent at once, as much of it as the session allows.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task HandshakeAsync(ReadOnlyMemory<byte> earlyData, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        try
        {
            await SendEarlyDataAsync(earlyData, deadline.Token).ConfigureAwait(false);
            while (await StepAsync(deadline.Token).ConfigureAwait(false) != TlsReadStatus.Connected)
            {
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var fault = connection.Abort(PeerFault.HandshakeTimeout, $"the handshake was not over within its time limit of {limit.TotalSeconds:0.###} s");
            await TrySendLastWordsAsync().ConfigureAwait(false);
            throw fault;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_received.Count == 0 && _delivered.IsEmpty && !_isClosed)
        {
            await StepAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_received.Count > 0)
        {
            _delivered = _received.ToArray();
            _received.Clear();
        }

        var count = Math.Min(buffer.Length, _delivered.Length);
        _delivered[..count].CopyTo(buffer);
        _delivered = _delivered[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("this stream is read asynchronously");

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        do
        {
            var chunk = buffer[..Math.Min(buffer.Length, 4 * RecordLength)];
            var output = new byte[connection.GetWriteSize(chunk.Length)];
            var result = connection.Write(chunk.Span, output);
            await network.WriteAsync(output.AsMemory(0, result.Written), cancellationToken).ConfigureAwait(false);
            buffer = buffer[result.Consumed..];
        }
        while (!buffer.IsEmpty);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("this stream is written asynchronously");

    /// <summary>Says close_notify; reading may go on.</summary>
    public async Task ShutdownAsync(CancellationToken cancellationToken)
    {
        connection.Close();
        await SendPendingAsync(cancellationToken).ConfigureAwait(false);
    }

    public override void Flush() => network.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => network.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            network.Dispose();
            connection.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>The hello and the early data go out in one write: so does a browser's first flight.</summary>
    private async Task SendEarlyDataAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (connection.EarlyDataLimit > 0 && !data.IsEmpty)
        {
            var chunk = data[..Math.Min(data.Length, 4 * RecordLength)];
            var output = new byte[connection.GetWriteSize(chunk.Length)];
            var result = connection.WriteEarlyData(chunk.Span, output);
            OnEarlyData?.Invoke(result.Consumed);
            EarlyDataSent += result.Consumed;
            data = data[result.Consumed..];
            await network.WriteAsync(output.AsMemory(0, result.Written), cancellationToken).ConfigureAwait(false);
        }

        await SendPendingAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads one thing that the engine has to say. What it wants to send goes out first, an alert also if it is the last thing.</summary>
    private async ValueTask<TlsReadStatus> StepAsync(CancellationToken cancellationToken)
    {
        try
        {
            var result = connection.Read(_input.AsSpan(_inputStart, _inputEnd - _inputStart), _plaintext);
            _inputStart += result.Consumed;
            Take(result);
            await SendPendingAsync(cancellationToken).ConfigureAwait(false);
            switch (result.Status)
            {
                case TlsReadStatus.NeedsInput:
                    await ReceiveAsync(result.Required, cancellationToken).ConfigureAwait(false);
                    break;
                case TlsReadStatus.Question:
                    await Task.Run(Answer, cancellationToken).ConfigureAwait(false);
                    break;
            }

            return result.Status;
        }
        catch (TlsException)
        {
            await TrySendLastWordsAsync().ConfigureAwait(false);
            throw;
        }
    }

    private void Take(in TlsReadResult result)
    {
        switch (result.Status)
        {
            case TlsReadStatus.EarlyData:
                EarlyDataReceived += result.Written;
                OnEarlyData?.Invoke(result.Written);
                _received.AddRange(_plaintext.AsSpan(0, result.Written));
                break;
            case TlsReadStatus.Data:
                _received.AddRange(_plaintext.AsSpan(0, result.Written));
                break;
            case TlsReadStatus.EarlyDataRejected:
                IsEarlyDataRejected = true;
                break;
            case TlsReadStatus.Closed:
                _isClosed = true;
                break;
        }
    }

    private void Answer()
    {
        var question = (CertificateQuestion)connection.Question!;
        using var verdict = question.Verify();
        question.Answer(acceptAny && verdict.Question is not null ? verdict.WithAnswer(true) : verdict);
    }

    private async Task ReceiveAsync(int required, CancellationToken cancellationToken)
    {
        if (_inputStart > 0)
        {
            _input.AsSpan(_inputStart, _inputEnd - _inputStart).CopyTo(_input);
            (_inputStart, _inputEnd) = (0, _inputEnd - _inputStart);
        }

        if (_input.Length < required)
        {
            Array.Resize(ref _input, required);
        }

        var count = await network.ReadAsync(_input.AsMemory(_inputEnd), cancellationToken).ConfigureAwait(false);
        _inputEnd += count;
        if (count == 0)
        {
            connection.EndOfInput();
            _isClosed = true;
        }
    }

    private async Task SendPendingAsync(CancellationToken cancellationToken)
    {
        while (connection.HasPendingOutput)
        {
            var output = new byte[connection.GetWriteSize(0)];
            await network.WriteAsync(output.AsMemory(0, connection.Drain(output)), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task TrySendLastWordsAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await SendPendingAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The fault that they were about is what counts.
        }
    }
}
