using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Kippu.BogoShim;

/// <summary>The socket to the runner, and the engine between it and the test.</summary>
internal sealed class ShimTransport : IDisposable
{
    private const int MaxRecord = 5 + 16384 + 2048;

    private readonly Socket _socket;
    private readonly TlsConnection _connection;
    private readonly bool _byteByByte;
    private readonly byte[] _input = new byte[2 * MaxRecord];
    private readonly byte[] _plaintext = new byte[16384 + 256];
    private int _start;
    private int _end;
    private int _shown;
    private bool _earlyWritableTold;
    private List<byte>? _held;

    public ShimTransport(FlagSet flags, TlsConnection connection)
    {
        _connection = connection;
        _byteByByte = flags.Has("async");
        var address = flags.Has("ipv6") ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(address, flags.Int("port") ?? throw new UnimplementedException("no -port"));
        var id = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(id, ulong.Parse(flags.Value("shim-id")!, System.Globalization.CultureInfo.InvariantCulture));
        Send(id);
    }

    /// <summary>The application data of the last <see cref="ShimEvent.Data"/>.</summary>
    public Memory<byte> Received { get; private set; }

    /// <summary>Goes on until there is something to tell. A fault's alert is sent before it is thrown.</summary>
    public ShimEvent Next()
    {
        try
        {
            while (true)
            {
                Flush();
                if (!_earlyWritableTold && _connection is { IsReadingEarlyData: true, CanWrite: true })
                {
                    _earlyWritableTold = true;
                    return ShimEvent.EarlyWritable;
                }

                var result = _connection.Read(_input.AsSpan(_start, _shown), _plaintext);
                _start += result.Consumed;
                _shown -= result.Consumed;
                switch (result.Status)
                {
                    case TlsReadStatus.Connected: return ShimEvent.Connected;
                    case TlsReadStatus.EarlyDataRejected: return ShimEvent.EarlyDataRejected;
                    case TlsReadStatus.Closed: return ShimEvent.Closed;
                    case TlsReadStatus.Data or TlsReadStatus.EarlyData:
                        Received = _plaintext.AsMemory(0, result.Written);
                        return ShimEvent.Data;
                    case TlsReadStatus.Question:
                        _connection.Question!.AnswerAsync().AsTask().GetAwaiter().GetResult();
                        break;
                    case TlsReadStatus.NeedsInput when !More():
                        if (_connection.IsConnected)
                        {
                            return ShimEvent.EndOfTransport;
                        }

                        _connection.EndOfInput();
                        break;
                    case TlsReadStatus.DestinationTooSmall:
                        throw new InvalidOperationException($"a record needs {result.Required} bytes");
                }
            }
        }
        catch (TlsException)
        {
            Flush();
            throw;
        }
    }

    /// <summary>Seals and sends, in pieces of at most <paramref name="pieceSize"/> bytes.</summary>
    public void Write(ReadOnlySpan<byte> data, int pieceSize)
    {
        while (!data.IsEmpty)
        {
            var piece = data[..Math.Min(pieceSize, data.Length)];
            var sealedBytes = new byte[_connection.GetWriteSize(piece.Length)];
            var result = _connection.Write(piece, sealedBytes);
            Send(sealedBytes.AsSpan(0, result.Written));
            data = data[result.Consumed..];
        }
    }

    /// <summary>Sends as much as the session allows as early data.</summary>
    /// <returns>How much that was.</returns>
    public int WriteEarlyData(ReadOnlySpan<byte> data)
    {
        var sealedBytes = new byte[_connection.GetWriteSize(data.Length)];
        var result = _connection.WriteEarlyData(data, sealedBytes);
        Send(sealedBytes.AsSpan(0, result.Written));
        return result.Consumed;
    }

    /// <summary>Lets one more byte out and holds what follows until <see cref="LetGo"/>.</summary>
    public void HoldAfterOneByte() => _held = [];

    public void LetGo()
    {
        if (_held is { } held)
        {
            _held = null;
            Send(held.ToArray().AsSpan(1));
        }
    }

    public void Flush()
    {
        while (_connection.HasPendingOutput)
        {
            var sealedBytes = new byte[_connection.GetWriteSize(0)];
            Send(sealedBytes.AsSpan(0, _connection.Drain(sealedBytes)));
        }
    }

    /// <summary>Half-closes and reads to the end: a reset could destroy an alert that the runner is about to read.</summary>
    public void End()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
            while (_socket.Receive(_input) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // The runner has gone first: nothing is left to be read.
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        _socket.Dispose();
    }

    /// <summary>With <c>-async</c> the engine sees one byte more each time.</summary>
    private bool More()
    {
        if (_shown == _end - _start)
        {
            _input.AsSpan(_start, _shown).CopyTo(_input);
            _end = _shown;
            _start = 0;
            Flush();
            var received = Receive();
            if (received == 0)
            {
                return false;
            }

            _end += received;
        }

        _shown = _byteByByte ? _shown + 1 : _end - _start;
        return true;
    }

    private int Receive()
    {
        try
        {
            return _socket.Receive(_input.AsSpan(_end));
        }
        catch (SocketException)
        {
            return 0; // The runner closes without ceremony.
        }
    }

    private void Send(ReadOnlySpan<byte> data)
    {
        if (_held is { } held)
        {
            var first = held.Count == 0;
            held.AddRange(data);
            data = first ? data[..1] : [];
        }

        try
        {
            while (!data.IsEmpty)
            {
                data = data[_socket.Send(data)..];
            }
        }
        catch (SocketException)
        {
            // The runner has closed: what it has to say is still to be read.
        }
    }
}
