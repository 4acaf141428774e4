using System.Buffers;
using Kippu.Alerts;
using Kippu.Records;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu;

/// <summary>
/// Reads the ClientHello at the beginning of a connection's bytes without consuming them: for those who choose a <see cref="TlsServer"/>, a backend or a queue by it before a
/// handshake begins.
/// </summary>
public static class ClientHelloReader
{
    /// <summary>Looks at what has come so far.</summary>
    /// <param name="input">The connection's bytes from the first on, records and all.</param>
    /// <param name="hello">What the client says. Null as long as more must come, and if this is no ClientHello: then the handshake will fail with the alert that fits.</param>
    /// <returns>False if more bytes are needed. It is never false once 66 kB have come.</returns>
    public static bool TryRead(in ReadOnlySequence<byte> input, out ClientHelloInfo? hello)
    {
        hello = null;
        try
        {
            using var assembler = new HandshakeAssembler();
            var rest = input;
            HandshakeMessage message;
            while (!assembler.TryNext(out message))
            {
                if (!TryTakeFragment(ref rest, assembler))
                {
                    return false;
                }
            }

            // A copy: the assembler's memory is another connection's afterwards.
            hello = message.Type == HandshakeType.ClientHello ? new ClientHelloInfo(ClientHello.Parse(message.Body.ToArray()), keepHello: true) : null;
        }
        catch (TlsFaultException)
        {
            // Whoever runs the handshake meets the same fault, and answers it.
        }

        return true;
    }

    private static bool TryTakeFragment(ref ReadOnlySequence<byte> rest, HandshakeAssembler assembler)
    {
        Span<byte> start = stackalloc byte[RecordLimits.HeaderLength];
        if (rest.Length < start.Length)
        {
            return false;
        }

        rest.Slice(0, start.Length).CopyTo(start);
        if (!RecordHeader.TryParse(start, out var header) || header.Type != ContentType.Handshake || header.Length == 0)
        {
            throw new TlsFaultException(TlsFault.UnexpectedRecord, "a ClientHello begins with a record of type handshake");
        }

        if (rest.Length < start.Length + header.Length)
        {
            return false;
        }

        foreach (var piece in rest.Slice(start.Length, header.Length))
        {
            assembler.Append(piece.Span);
        }

        rest = rest.Slice(start.Length + header.Length);
        return true;
    }
}
