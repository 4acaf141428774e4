using System.Globalization;

namespace Kippu.InteropTests.Capture;

/// <summary>What tshark says about one frame of a handshake, in the order of the fields that <see cref="Tshark"/> asks for.</summary>
/// <param name="FromClient">Who sent it.</param>
/// <param name="Types">The handshake messages that end in this frame; only those in clear have a type.</param>
/// <param name="Lengths">Their lengths.</param>
/// <param name="SessionIdLength">Of the hello in this frame.</param>
/// <param name="SessionId">Hexadecimal.</param>
/// <param name="Extensions">Types and lengths of the hello's extensions.</param>
/// <param name="Ticket">The NewSessionTicket in this frame.</param>
/// <param name="NamedCurve">The group of the ServerKeyExchange in this frame.</param>
/// <param name="CipherSuite">The first, or only, suite of the hello.</param>
/// <param name="SignatureScheme">The first one that is named in this frame.</param>
/// <param name="Names">The messages as tshark names them.</param>
internal sealed record FrameFields(
    bool FromClient,
    IReadOnlyList<int> Types,
    IReadOnlyList<int> Lengths,
    int? SessionIdLength,
    string SessionId,
    IReadOnlyDictionary<int, int> Extensions,
    SeenTicket? Ticket,
    ushort? NamedCurve,
    ushort? CipherSuite,
    ushort? SignatureScheme,
    IReadOnlyList<string> Names)
{
    public static FrameFields Read(string[] row, bool fromClient) => new(
        fromClient,
        Numbers(row[3]),
        Numbers(row[13]),
        Numbers(row[4]) is [var length, ..] ? length : null,
        row[5],
        Numbers(row[6]).Zip(Numbers(row[7])).ToDictionary(pair => pair.First, pair => pair.Second),
        row[8].Length == 0 ? null : new SeenTicket(uint.Parse(row[8], CultureInfo.InvariantCulture), Numbers(row[9])[0], row[10]),
        Number(row[11]),
        Number(row[12]),
        Number(row[14]),
        [.. row[15].Split(',', StringSplitOptions.TrimEntries).Where(IsHandshake)]);

    /// <summary>Alerts and data that share the last frame of a handshake are none of its messages.</summary>
    private static bool IsHandshake(string name) =>
        name.Length > 0 && !name.StartsWith('[') && !name.Contains("Alert", StringComparison.Ordinal) && !name.Contains("Application Data", StringComparison.Ordinal);

    private static ushort? Number(string list) =>
        list.Length == 0 ? null : Convert.ToUInt16(list.Split(',')[0], 16);

    private static IReadOnlyList<int> Numbers(string list) =>
        list.Length == 0 ? [] : [.. list.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
}
