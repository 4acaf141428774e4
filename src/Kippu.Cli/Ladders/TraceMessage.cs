using Kippu.Cli.Wire;

namespace Kippu.Cli.Ladders;

/// <summary>One step of a handshake as an engine told it: what an <see cref="IHandshakeObserver"/> was shown, kept.</summary>
internal sealed record TraceMessage
{
    public required bool FromClient { get; init; }

    public required TraceKind Kind { get; init; }

    public HandshakeType Type { get; init; }

    /// <summary>As in <see cref="HandshakeEvent.Message"/>; of early data nothing.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>How many bytes, without those of the records.</summary>
    public int Length { get => _length ?? Bytes.Length; init => _length = value; }

    public AlertDescription Alert { get; init; }

    public bool IsFatal { get; init; }

    public bool IsProtected { get; init; }

    /// <summary>Since the first message of the connection.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>The fields by their names in the RFCs.</summary>
    public IReadOnlyList<HandshakeField> Fields { get; init; } = [];

    /// <summary>The handshake is one of TLS 1.3.</summary>
    public bool IsTls13 { get; init; }

    public TraceKeys Keys { get; init; }

    /// <summary>As the figures of RFC 5077 write it, or those of RFC 8446.</summary>
    public string Name => Keys switch
    {
        TraceKeys.Early => $"({PlainName})",
        TraceKeys.Handshake => $"{{{PlainName}}}",
        TraceKeys.Application => $"[{PlainName}]",
        _ => PlainName,
    };

    private readonly int? _length;

    /// <summary>Without brackets. In TLS 1.2 those of ChangeCipherSpec say that it is no handshake message; in TLS 1.3 brackets are taken.</summary>
    private string PlainName => Kind switch
    {
        TraceKind.ChangeCipherSpec => IsTls13 ? "ChangeCipherSpec" : "[ChangeCipherSpec]",
        TraceKind.Alert => $"Alert: {(IsFatal ? "fatal " : "")}{Alert}",
        TraceKind.EarlyData => "Application Data",
        _ when Type == HandshakeType.ServerHello && WireHello.ParseServer(Bytes) is { IsHelloRetryRequest: true } => "HelloRetryRequest",
        _ => Type.ToString(),
    };
}
