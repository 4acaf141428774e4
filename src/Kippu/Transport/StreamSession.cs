using System.Runtime.ExceptionServices;

namespace Kippu.Transport;

/// <summary>
/// What a <see cref="TlsStream"/> has from the begin of its handshake on: the connection and its two directions. It carries the handshake, for which it has both
/// directions for itself, and lets the connection go when nobody uses either any more.
/// </summary>
internal sealed class StreamSession
{
    private readonly Stream _inner;
    private readonly bool _ownsInner;
    private readonly HalfGate _readGate;
    private readonly HalfGate _writeGate;
    private readonly RecordInput _input;
    private readonly RecordOutput _output;
    private readonly AsideOutput _aside;
    private readonly HandshakeClock _clock;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _isUsable;
    private int _openHalves = 2;

    /// <summary>Both gates are entered and stay so until the application can use the connection.</summary>
    public StreamSession(TlsStream owner, Stream inner, bool ownsInner, TlsConnection connection, TimeSpan limit, TimeProvider time)
    {
        _inner = inner;
        _ownsInner = ownsInner;
        Connection = connection;
        _readGate = new HalfGate(OnHalfClosed);
        _writeGate = new HalfGate(OnHalfClosed);
        _clock = new HandshakeClock(limit, time);
        _input = new RecordInput(inner, connection);
        _output = new RecordOutput(inner, connection, time);
        _aside = new AsideOutput(_writeGate, connection, _output);
        Reader = new StreamReadHalf(inner, ownsInner, connection, _readGate, _input, _aside, _clock);
        Writer = new StreamWriteHalf(owner, connection, _writeGate, _output, _aside);
        _readGate.Enter(owner);
        _writeGate.Enter(owner);
    }

    public TlsConnection Connection { get; }

    public StreamReadHalf Reader { get; }

    public StreamWriteHalf Writer { get; }

    /// <summary>Whether the application may read and write: the handshake is complete, or a server may read early data.</summary>
    public bool IsUsable => _isUsable;

    /// <summary>Why the handshake failed, if it did.</summary>
    public void ThrowFailure() => _failure?.Throw();

    /// <returns>Bytes of early data that were sent.</returns>
    public async Task<int> AuthenticateAsync(ReadOnlyMemory<byte> earlyData, CancellationToken cancellationToken)
    {
        try
        {
            var port = new StreamHandshakePort(_input, _output, Connection, _readGate, earlyData);
            using var deadline = new HandshakeDeadline(_clock, cancellationToken);
            await HandshakeRunner.RunAsync(Connection, port, deadline).ConfigureAwait(false);
            _isUsable = true;
            return port.EarlyDataSent;
        }
        catch (Exception failure)
        {
            Failed(failure);
            throw;
        }
        finally
        {
            LeaveBoth();
        }
    }

    /// <inheritdoc cref="AuthenticateAsync"/>
    public int Authenticate(ReadOnlyMemory<byte> earlyData)
    {
        try
        {
            var port = new StreamHandshakePort(_input, _output, Connection, _readGate, earlyData);
            using var deadline = new HandshakeDeadline(_clock, CancellationToken.None);
            new BlockingHandshake(_inner, _ownsInner, isAlone: true, Connection, port).Run(deadline);
            _isUsable = true;
            return port.EarlyDataSent;
        }
        catch (Exception failure)
        {
            Failed(failure);
            throw;
        }
        finally
        {
            LeaveBoth();
        }
    }

    /// <returns>What is still to be sent, by the caller.</returns>
    public async Task<ReadOnlyMemory<byte>> AuthenticateAndSendAsync(ClientEarlyData earlyData, CancellationToken cancellationToken)
    {
        var sent = await AuthenticateAsync(earlyData.Content, cancellationToken).ConfigureAwait(false);
        var rest = EarlyDataRest.Of(earlyData, sent, Connection);
        if (rest.IsEmpty || earlyData.Fallback == EarlyDataFallback.LeaveToCaller)
        {
            return rest;
        }

        try
        {
            EarlyDataRest.InsistOnProtocol(earlyData, sent, Connection);
        }
        catch (TlsException failure)
        {
            Failed(failure);
            await _aside.TrySendLastWordsAsync().ConfigureAwait(false);
            throw;
        }

        await Writer.WriteAsync(rest, cancellationToken).ConfigureAwait(false);
        await _inner.FlushAsync(cancellationToken).ConfigureAwait(false);
        return default;
    }

    /// <inheritdoc cref="AuthenticateAndSendAsync"/>
    public ReadOnlyMemory<byte> AuthenticateAndSend(ClientEarlyData earlyData)
    {
        var sent = Authenticate(earlyData.Content);
        var rest = EarlyDataRest.Of(earlyData, sent, Connection);
        if (rest.IsEmpty || earlyData.Fallback == EarlyDataFallback.LeaveToCaller)
        {
            return rest;
        }

        try
        {
            EarlyDataRest.InsistOnProtocol(earlyData, sent, Connection);
        }
        catch (TlsException failure)
        {
            Failed(failure);
            _aside.TrySendLastWordsAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }

        Writer.Write(rest.Span);
        _inner.Flush();
        return default;
    }

    /// <summary>Lets nobody in any more; the connection goes when nobody is inside.</summary>
    public void Close()
    {
        _readGate.Close();
        _writeGate.Close();
    }

    private void Failed(Exception failure)
    {
        _isUsable = false;
        _failure = ExceptionDispatchInfo.Capture(failure);
    }

    private void LeaveBoth()
    {
        _readGate.Exit();
        _aside.ExitWrite();
    }

    private void OnHalfClosed()
    {
        if (Interlocked.Decrement(ref _openHalves) == 0)
        {
            _input.Release();
            Connection.Dispose();
        }
    }
}
