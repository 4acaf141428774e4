using System.Buffers.Binary;
using System.Security.Cryptography;
using Kippu.Cli.Wire;

namespace Kippu.Cli.Tests.Wire;

/// <summary>Handshake messages and records of TLS 1.3 written by hand, as another program would write them: nothing of the library is used.</summary>
internal static class Sample13
{
    private const byte Handshake = 22;
    private const byte ApplicationData = 23;

    public static byte[] ClientHello(bool psk = false, bool earlyData = false, ushort group = 0x001D) => Message(
        HandshakeType.ClientHello,
        [
            3, 3, .. new byte[32], 32, .. Sample.SessionId, 0, 2, 0x13, 0x01, 1, 0,
            .. Vector16(
            [
                .. Extension(0x2B, [2, 3, 4]),
                .. Extension(0x33, Vector16([.. U16(group), .. Vector16(new byte[32])])),
                .. earlyData ? Extension(0x2A, []) : [],
                .. psk ? Extension(0x29, [.. Vector16([.. Vector16(Sample.Ticket), 0x12, 0x34, 0x56, 0x78]), .. Vector16([32, .. Enumerable.Repeat((byte)0xBB, 32)])]) : [],
            ]),
        ]);

    public static byte[] ServerHello(ushort? identity = null) => ServerHello(
        new byte[32], [.. Extension(0x2B, [3, 4]), .. Extension(0x33, [.. U16(0x001D), .. Vector16(new byte[32])]), .. identity is { } index ? Extension(0x29, U16(index)) : []]);

    public static byte[] HelloRetryRequest() => ServerHello(SHA256.HashData("HelloRetryRequest"u8), [.. Extension(0x2B, [3, 4]), .. Extension(0x33, U16(0x0018))]);

    public static byte[] EncryptedExtensions(bool earlyData = false) => Message(HandshakeType.EncryptedExtensions, Vector16(earlyData ? Extension(0x2A, []) : []));

    public static byte[] NewSessionTicket(uint? maxEarlyData = null) => Message(
        HandshakeType.NewSessionTicket,
        [
            0, 0, 0xA8, 0xC0, 0xAA, 0xBB, 0xCC, 0xDD, 1, 7, .. Vector16(Sample.Ticket),
            .. Vector16(maxEarlyData is { } most ? Extension(0x2A, [.. U16((ushort)(most >> 16)), .. U16((ushort)most)]) : []),
        ]);

    public static byte[] Finished() => Message(HandshakeType.Finished, new byte[32]);

    public static byte[] EndOfEarlyData() => Message(HandshakeType.EndOfEarlyData, []);

    public static byte[] Clear(byte[] message) => Record(Handshake, message);

    public static byte[] ChangeCipherSpec() => Record(20, [1]);

    /// <summary>A record under encryption that holds so many bytes.</summary>
    public static byte[] Encrypted(int length = 36) => Record(ApplicationData, new byte[length + 1 + 16]);

    public static byte[] Record(byte type, byte[] content) => [type, 3, 3, .. U16((ushort)content.Length), .. content];

    /// <summary>A log of what passed, in this order.</summary>
    public static WireLog Log(params IEnumerable<(bool FromClient, byte[] Bytes)> passed)
    {
        var log = new WireLog(TimeProvider.System);
        foreach (var (fromClient, bytes) in passed)
        {
            log.Add(fromClient, bytes);
        }

        return log;
    }

    public static (bool FromClient, byte[] Bytes)[] Client(params byte[][] records) => [(true, records.SelectMany(record => record).ToArray())];

    public static (bool FromClient, byte[] Bytes)[] Server(params byte[][] records) => [(false, records.SelectMany(record => record).ToArray())];

    private static byte[] ServerHello(byte[] random, byte[] extensions) =>
        Message(HandshakeType.ServerHello, [3, 3, .. random, 32, .. Sample.SessionId, 0x13, 0x01, 0, .. Vector16(extensions)]);

    private static byte[] Message(HandshakeType type, byte[] body) => [(byte)type, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];

    private static byte[] Extension(ushort type, byte[] data) => [.. U16(type), .. Vector16(data)];

    private static byte[] Vector16(byte[] content) => [.. U16((ushort)content.Length), .. content];

    private static byte[] U16(ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }
}
