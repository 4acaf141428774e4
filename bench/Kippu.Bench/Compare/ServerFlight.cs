using System.Buffers.Binary;

namespace Kippu.Bench.Compare;

/// <summary>
/// What the server's bytes say: SslStream does not tell whether it resumed, nor which group it used, so it is read on the wire, outside the measured time.
/// </summary>
internal readonly record struct ServerFlight(bool Resumed, ushort Suite, ushort Group)
{
    private const byte Handshake = 22;
    private const byte ServerHello = 2;
    private const byte Certificate = 11;
    private const byte ServerKeyExchange = 12;

    public static ServerFlight Parse(ReadOnlySpan<byte> wire)
    {
        var resumed = true;
        ushort suite = 0, group = 0;
        foreach (var (type, body) in PlaintextMessages(wire))
        {
            switch (type)
            {
                case ServerHello: // version 2, random 32, session ID, suite 2
                    suite = BinaryPrimitives.ReadUInt16BigEndian(body.AsSpan(35 + body[34]));
                    break;
                case Certificate:
                    resumed = false;
                    break;
                case ServerKeyExchange: // curve type 1, group 2
                    group = BinaryPrimitives.ReadUInt16BigEndian(body.AsSpan(1));
                    break;
            }
        }

        return new ServerFlight(resumed, suite, group);
    }

    /// <summary>The handshake messages up to the first record that is not a plain handshake record.</summary>
    private static List<(byte Type, byte[] Body)> PlaintextMessages(ReadOnlySpan<byte> wire)
    {
        var plain = new List<byte>();
        while (wire.Length >= 5 && wire[0] == Handshake)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(wire[3..]);
            plain.AddRange(wire.Slice(5, length));
            wire = wire[(5 + length)..];
        }

        byte[] all = [.. plain];
        var messages = new List<(byte, byte[])>();
        for (var at = 0; at + 4 <= all.Length;)
        {
            var length = (all[at + 1] << 16) | (all[at + 2] << 8) | all[at + 3];
            messages.Add((all[at], all[(at + 4)..(at + 4 + length)]));
            at += 4 + length;
        }

        return messages;
    }
}
