namespace Kippu.Tests.Handshake;

/// <summary>One end of an in-memory connection: what came in and was not consumed, what went out, what was delivered, what went wrong.</summary>
internal sealed class Endpoint(TlsConnection connection) : IDisposable
{
    private readonly List<byte> _inbox = [];
    private readonly byte[] _plaintext = new byte[16 * 1024];

    public TlsConnection Connection { get; } = connection;

    public List<byte> Delivered { get; } = [];

    public List<byte> EarlyDelivered { get; } = [];

    public bool EarlyDataRejected { get; private set; }

    public TlsException? Fault { get; private set; }

    public bool Closed { get; private set; }

    /// <summary>Answers open questions; the default verifies by the options. Null leaves them open.</summary>
    public Action<TlsQuestion>? Answer { get; set; } = static question => question.Answer();

    /// <summary>All that is to be sent now.</summary>
    public byte[] Drain()
    {
        var output = new byte[Connection.GetWriteSize(0) + 64];
        var written = Connection.Drain(output);
        return output[..written];
    }

    public byte[] Write(ReadOnlySpan<byte> data)
    {
        var output = new byte[Connection.GetWriteSize(data.Length)];
        var result = Connection.Write(data, output);
        if (result.Consumed != data.Length)
        {
            throw new InvalidOperationException("GetWriteSize was too small");
        }

        return output[..result.Written];
    }

    public void Receive(ReadOnlySpan<byte> bytes)
    {
        _inbox.AddRange(bytes);
        Step();
    }

    /// <summary>Reads until it can go no further.</summary>
    public void Step()
    {
        try
        {
            while (Fault is null)
            {
                var result = Connection.Read(_inbox.ToArray(), _plaintext);
                _inbox.RemoveRange(0, result.Consumed);
                (result.Status == TlsReadStatus.EarlyData ? EarlyDelivered : Delivered).AddRange(_plaintext.AsSpan(0, result.Written));
                EarlyDataRejected |= result.Status == TlsReadStatus.EarlyDataRejected;
                switch (result.Status)
                {
                    case TlsReadStatus.NeedsInput:
                        return;
                    case TlsReadStatus.Closed:
                        Closed = true;
                        return;
                    case TlsReadStatus.Question when Answer is null:
                        return;
                    case TlsReadStatus.Question:
                        Answer(Connection.Question!);
                        break;
                    case TlsReadStatus.DestinationTooSmall:
                        throw new InvalidOperationException("16 kB were too small");
                    default:
                        break;
                }
            }
        }
        catch (TlsException fault)
        {
            Fault = fault;
        }
    }

    public void EndOfInput()
    {
        try
        {
            Connection.EndOfInput();
        }
        catch (TlsException fault)
        {
            Fault = fault;
        }
    }

    public void Dispose() => Connection.Dispose();
}
