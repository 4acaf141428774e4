namespace Kippu.Cli.Wire;

/// <summary>One thing that went over the wire, as somebody sees it who has no keys.</summary>
/// <param name="FromClient">Who sent it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Type">The handshake message's type; only for <see cref="WireKind.Handshake"/>.</param>
/// <param name="Bytes">In clear: the handshake message with its header, or the alert. Otherwise empty.</param>
/// <param name="Record">The index of the record in which it ended.</param>
internal sealed record WireItem(bool FromClient, WireKind Kind, HandshakeType Type, ReadOnlyMemory<byte> Bytes, int Record)
{
    /// <summary>The length of that record, with its header of five bytes.</summary>
    public int RecordLength { get; init; }

    /// <summary>The name that RFC 5246 gives it; a protected handshake record is called Finished, because nothing else can be there in TLS 1.2.</summary>
    public string Name => Kind switch
    {
        WireKind.Handshake when Type == HandshakeType.ServerHello && WireHello.ParseServer(Bytes) is { IsHelloRetryRequest: true } => "HelloRetryRequest",
        WireKind.Handshake => Enum.IsDefined(Type) ? Type.ToString() : $"handshake message {(byte)Type}",
        WireKind.ChangeCipherSpec => "[ChangeCipherSpec]",
        WireKind.ProtectedHandshake => "Finished",
        WireKind.Alert => "Alert",
        WireKind.EarlyData => "(early data)",
        WireKind.Encrypted => "(encrypted)",
        _ => "Alert (protected)",
    };
}
