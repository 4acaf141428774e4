using Kippu.Diagnostics;
using Kippu.Wire;

namespace Kippu;

/// <summary>One thing that was said in a handshake. Its memory is valid only during the call that delivers it: copy what must outlive it.</summary>
public readonly struct HandshakeEvent
{
    /// <summary>True if this side said it.</summary>
    public bool IsSent { get; internal init; }

    /// <summary>What it is.</summary>
    public HandshakeEventKind Kind { get; internal init; }

    /// <summary>The message's type, for <see cref="HandshakeEventKind.Handshake"/>.</summary>
    public HandshakeType Type { get; internal init; }

    /// <summary>The bytes: a whole handshake message with its four-byte header, the byte of a ChangeCipherSpec, or the two bytes of an alert. In clear, also where the record was protected.</summary>
    public ReadOnlyMemory<byte> Message { get; internal init; }

    /// <summary>True if the record was protected by the connection's keys.</summary>
    public bool IsProtected { get; internal init; }

    /// <summary>The alert, for <see cref="HandshakeEventKind.Alert"/>.</summary>
    public AlertDescription Alert { get; internal init; }

    /// <summary>True for a fatal alert.</summary>
    public bool IsFatal { get; internal init; }

    /// <summary>When, on the clock of the options; as precise as its <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long Timestamp { get; internal init; }

    /// <summary>The fields of the message by their names in the RFCs, for people. Parses anew at each call; never throws, malformed content says so.</summary>
    public IReadOnlyList<HandshakeField> DescribeFields() =>
        Kind == HandshakeEventKind.Handshake ? MessageFields.Describe(Type, Message[4..], Version) : [];

    /// <summary>What was negotiated: messages of the same type look different in TLS 1.2 and 1.3.</summary>
    internal TlsVersion Version { get; init; }
}
