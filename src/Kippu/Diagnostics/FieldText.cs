using System.Globalization;
using System.Text;
using Kippu.Wire;

namespace Kippu.Diagnostics;

/// <summary>How the values of fields look in a trace.</summary>
internal static class FieldText
{
    /// <summary>As many bytes of a long value are shown; a random, a session ID and the key name of a ticket fit.</summary>
    private const int ShownBytes = 32;

    public static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);

    public static string Length(long length) => length == 1 ? "1 byte" : string.Create(CultureInfo.InvariantCulture, $"{length} bytes");

    /// <summary>Length and content; of a long value only the beginning.</summary>
    public static string Bytes(ReadOnlyMemory<byte> bytes) => bytes.IsEmpty ? "empty" : $"{Length(bytes.Length)}: {Shown(bytes)}";

    /// <summary>The bytes; of many only the first.</summary>
    public static string Shown(ReadOnlyMemory<byte> bytes) => bytes.Length <= ShownBytes ? Hex(bytes) : Hex(bytes[..ShownBytes]) + "...";

    /// <summary>How many there are, and their length together.</summary>
    public static string Sum(IReadOnlyList<ReadOnlyMemory<byte>> values)
    {
        var length = 0;
        foreach (var value in values)
        {
            length += value.Length;
        }

        return $"{values.Count}: {Length(length)} in all";
    }

    public static string List(UInt16List values, Func<ushort, string> name)
    {
        var names = new List<string>(values.Count);
        foreach (var value in values)
        {
            names.Add(name(value));
        }

        return string.Join(", ", names);
    }

    public static string List(ReadOnlyMemory<byte> values, Func<byte, string> name)
    {
        var names = new List<string>(values.Length);
        foreach (var value in values.Span)
        {
            names.Add(name(value));
        }

        return string.Join(", ", names);
    }

    public static string List(ProtocolNameList values)
    {
        var names = new List<string>(values.Count);
        foreach (var value in values)
        {
            names.Add(Protocol(value));
        }

        return string.Join(", ", names);
    }

    /// <summary>A protocol name as text if it is printable ASCII, otherwise its bytes: names are opaque (RFC 7301 §6), and a trace goes to a terminal.</summary>
    public static string Protocol(ReadOnlyMemory<byte> name) =>
        name.Span.ContainsAnyExceptInRange((byte)'!', (byte)'~') ? "0x" + Hex(name) : Encoding.ASCII.GetString(name.Span);
}
