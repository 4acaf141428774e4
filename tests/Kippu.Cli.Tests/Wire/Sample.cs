using System.Buffers.Binary;
using Kippu.Cli.Ladders;
using Kippu.Cli.Wire;

namespace Kippu.Cli.Tests.Wire;

/// <summary>Handshake messages written by hand, as another program would write them: nothing of the library is used.</summary>
internal static class Sample
{
    public static byte[] SessionId { get; } = [.. Enumerable.Range(0xA0, 32).Select(i => (byte)i)];

    public static byte[] Ticket { get; } = [.. new byte[16], .. new byte[16], 0, 128, .. new byte[128], .. new byte[32]];

    /// <param name="sessionId">Null: none.</param>
    /// <param name="ticket">Null: no SessionTicket extension.</param>
    public static WireItem ClientHello(byte[]? sessionId = null, byte[]? ticket = null) => Item(
        fromClient: true, HandshakeType.ClientHello, [3, 3, .. new byte[32], .. Vector8(sessionId ?? []), 0, 2, 0xC0, 0x2B, 1, 0, .. Extensions(ticket)]);

    public static WireItem ServerHello(byte[]? sessionId = null, bool promises = false) => Item(
        fromClient: false, HandshakeType.ServerHello, [3, 3, .. new byte[32], .. Vector8(sessionId ?? []), 0xC0, 0x2B, 0, .. Extensions(promises ? [] : null)]);

    public static WireItem NewSessionTicket(params byte[] ticket) => Item(fromClient: false, HandshakeType.NewSessionTicket, [0, 0, 0xA8, 0xC0, .. Vector16(ticket)]);

    public static WireItem FromServer(HandshakeType type) => Item(fromClient: false, type, []);

    public static WireItem FromClient(HandshakeType type) => Item(fromClient: true, type, []);

    public static WireItem[] Closing(bool fromClient) =>
        [new WireItem(fromClient, WireKind.ChangeCipherSpec, default, default, 0), new WireItem(fromClient, WireKind.ProtectedHandshake, default, default, 0)];

    /// <summary>A full handshake between these hellos; a ticket, if there is one, stands before the server's ChangeCipherSpec.</summary>
    public static IReadOnlyList<WireItem> Full(WireItem clientHello, WireItem serverHello, WireItem? ticket = null) =>
    [
        clientHello, serverHello,
        FromServer(HandshakeType.Certificate), FromServer(HandshakeType.ServerKeyExchange), FromServer(HandshakeType.ServerHelloDone),
        FromClient(HandshakeType.ClientKeyExchange), .. Closing(fromClient: true),
        .. ticket is null ? Array.Empty<WireItem>() : [ticket], .. Closing(fromClient: false),
    ];

    public static IReadOnlyList<WireItem> Abbreviated(WireItem clientHello, WireItem serverHello, WireItem? ticket = null) =>
        [clientHello, serverHello, .. ticket is null ? Array.Empty<WireItem>() : [ticket], .. Closing(fromClient: false), .. Closing(fromClient: true)];

    /// <summary>The same steps as an observer's.</summary>
    public static IReadOnlyList<TraceMessage> Traced(IReadOnlyList<WireItem> items) => [.. items.Select((item, index) => new TraceMessage
    {
        FromClient = item.FromClient,
        Kind = item.Kind switch { WireKind.ChangeCipherSpec => TraceKind.ChangeCipherSpec, WireKind.EarlyData => TraceKind.EarlyData, _ => TraceKind.Handshake },
        Type = item.Kind == WireKind.ProtectedHandshake ? HandshakeType.Finished : item.Type,
        Bytes = item.Kind switch { WireKind.ChangeCipherSpec => [1], WireKind.ProtectedHandshake => new byte[16], _ => item.Bytes.ToArray() },
        Time = TimeSpan.FromMilliseconds(index / 4.0),
    })];

    private static WireItem Item(bool fromClient, HandshakeType type, byte[] body) => new(fromClient, WireKind.Handshake, type, Message(type, body), 0);

    private static byte[] Message(HandshakeType type, byte[] body) => [(byte)type, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];

    private static byte[] Extensions(byte[]? ticket) => Vector16([0x00, 0x17, 0x00, 0x00, .. ticket is null ? Array.Empty<byte>() : [0x00, 0x23, .. Vector16(ticket)]]);

    private static byte[] Vector8(byte[] content) => [(byte)content.Length, .. content];

    private static byte[] Vector16(byte[] content)
    {
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)content.Length);
        return [.. length, .. content];
    }
}
