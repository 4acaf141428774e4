using System.Text;

namespace Kippu.BogoShim;

/// <summary>One connection: the handshake, what is checked of it, and then every byte back with its bits turned.</summary>
internal sealed class ShimExchange : IDisposable
{
    private static readonly byte[] s_hello = Encoding.ASCII.GetBytes("hello");

    private readonly ShimEndpoint _endpoint;
    private readonly FlagSet _retryFlags;
    private readonly ShimState _state;
    private readonly bool _isLater;
    private readonly ShimTransport _transport;
    private FlagSet _flags;
    private byte[] _toSayFirst = [];
    private bool _wasRejected;

    public ShimExchange(ShimEndpoint endpoint, FlagSet flags, FlagSet retryFlags, ShimState state, bool isLater)
    {
        _endpoint = endpoint;
        _flags = flags;
        _retryFlags = retryFlags;
        _state = state;
        _isLater = isLater;
        _transport = new ShimTransport(flags, endpoint.Connection);
    }

    public TlsConnection Connection => _endpoint.Connection;

    /// <summary>Those that hold now: after refused early data they are others.</summary>
    public FlagSet Flags => _flags;

    public void Run()
    {
        try
        {
            Talk();
            _transport.Flush();
        }
        catch (TlsException reason)
        {
            throw ShimFailure.Of(reason);
        }
        finally
        {
            _transport.End();
        }

        if (_flags.Value("expect-msg-callback") is { } expected && expected != _state.Trace.Text)
        {
            throw new ShimFailure($"messages were:\n{_state.Trace.Text}");
        }
    }

    public void Dispose() => _transport.Dispose();

    private void Talk()
    {
        var offersEarlyData = !_endpoint.IsServer && Connection.EarlyDataLimit > 0;
        if (offersEarlyData && _flags.Has("expect-no-offer-early-data"))
        {
            throw new ShimFailure("early data was offered");
        }

        _toSayFirst = _flags.Has("shim-writes-first") ? s_hello : [];
        if (offersEarlyData && _toSayFirst.Length > 0)
        {
            _toSayFirst = _toSayFirst[_transport.WriteEarlyData(_toSayFirst)..];
        }

        if (offersEarlyData && _flags.Has("export-keying-material"))
        {
            try
            {
                WriteKeyingMaterial();
            }
            catch (InvalidOperationException)
            {
                throw new ShimFailure(":HANDSHAKE_NOT_COMPLETE:");
            }
        }

        while (true)
        {
            switch (_transport.Next())
            {
                case ShimEvent.EarlyWritable:
                    SayFirst();
                    break;
                case ShimEvent.EarlyDataRejected:
                    OnEarlyDataRejected();
                    break;
                case ShimEvent.Connected when OnConnected():
                    return;
                case ShimEvent.Data:
                    OnData(_transport.Received.Span);
                    break;
                case ShimEvent.Closed:
                    OnClosed();
                    return;
                case ShimEvent.EndOfTransport:
                    if (_flags.Has("check-close-notify"))
                    {
                        throw new ShimFailure("Unexpected SSL_shutdown result: -1 != 1");
                    }

                    return;
            }
        }
    }

    /// <returns>True if the connection is to end here.</returns>
    private bool OnConnected()
    {
        if (_flags.Has("handshake-never-done"))
        {
            throw new InvalidOperationException("a handshake was completed");
        }

        ConnectionExpectations.Check(_endpoint.IsServer, _flags, Connection.Info, _isLater, _wasRejected);
        WriteKeyingMaterial();
        SayFirst();
        if (!_flags.Has("shim-shuts-down"))
        {
            return false;
        }

        if (_flags.Has("check-close-notify"))
        {
            Connection.Close();
            return false;
        }

        return true;
    }

    private void OnEarlyDataRejected()
    {
        if (!_flags.Has("expect-reject-early-data"))
        {
            throw new ShimFailure("early data was rejected");
        }

        _flags = _retryFlags;
        _wasRejected = true;
        _toSayFirst = [];
    }

    private void OnData(Span<byte> data)
    {
        if (_flags.Has("shim-shuts-down"))
        {
            throw new ShimFailure(":APPLICATION_DATA_ON_SHUTDOWN:");
        }

        _transport.LetGo();
        if (_flags.Has("key-update"))
        {
            Connection.UpdateKeys();
        }

        foreach (ref var each in data)
        {
            each ^= 0xff;
        }

        _transport.Write(data, PieceSize);
    }

    private void OnClosed()
    {
        if (_flags.Has("check-close-notify") && !_flags.Has("shim-shuts-down"))
        {
            Connection.Close();
        }
    }

    private int PieceSize => _flags.Int("max-send-fragment") ?? 16384;

    private void SayFirst()
    {
        if (_toSayFirst.Length > 0 && _flags.Has("read-with-unfinished-write"))
        {
            _transport.Flush();
            _transport.HoldAfterOneByte();
        }

        _transport.Write(_toSayFirst, PieceSize);
        _toSayFirst = [];
    }

    private void WriteKeyingMaterial()
    {
        if (_flags.Int("export-keying-material") is { } length)
        {
            var material = new byte[length];
            var context = _flags.Has("use-export-context") ? TlsOptions.Latin1(_flags.Value("export-context") ?? "") : null;
            Connection.ExportKeyingMaterial(TlsOptions.Latin1(_flags.Value("export-label") ?? ""), context, material);
            _transport.Write(material, PieceSize);
        }
    }
}
