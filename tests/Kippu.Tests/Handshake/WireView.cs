using Kippu.Records;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Tests.Handshake;

/// <summary>What one side sent, read from the bytes on the wire alone: the messages in clear, then "ChangeCipherSpec", then "(protected)".</summary>
internal sealed class WireView
{
    private readonly List<HandshakeMessage> _messages = [];

    public WireView(IReadOnlyList<byte> sent)
    {
        var bytes = sent.ToArray().AsSpan();
        using var assembler = new HandshakeAssembler();
        var isProtected = false;
        while (RecordHeader.TryParse(bytes, out var header))
        {
            var fragment = bytes.Slice(RecordLimits.HeaderLength, header.Length);
            bytes = bytes[(RecordLimits.HeaderLength + header.Length)..];
            if (isProtected)
            {
                Flow.Add(header.Type == ContentType.Handshake ? "(protected)" : $"({header.Type})");
            }
            else if (header.Type == ContentType.Handshake)
            {
                assembler.Append(fragment);
                while (assembler.TryNext(out var message))
                {
                    var copy = new HandshakeMessage(message.Type, message.Raw.ToArray());
                    _messages.Add(copy);
                    Flow.Add(copy.Type.ToString());
                }
            }
            else
            {
                Flow.Add(header.Type.ToString());
                isProtected = header.Type == ContentType.ChangeCipherSpec;
            }
        }
    }

    public List<string> Flow { get; } = [];

    public ClientHello ClientHello => ClientHello.Parse(Body(HandshakeType.ClientHello));

    public ServerHello ServerHello => ServerHello.Parse(Body(HandshakeType.ServerHello));

    public NewSessionTicket12 NewSessionTicket => NewSessionTicket12.Parse(Body(HandshakeType.NewSessionTicket));

    public ReadOnlyMemory<byte> Body(HandshakeType type) => _messages.Single(message => message.Type == type).Body;
}
