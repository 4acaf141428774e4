using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Kippu;

/// <summary>
/// Names a key of a ring: eight random bytes, never a counter. It stands in the clear at the head of every ticket (the first half of RFC 5077 §4's
/// <c>key_name</c>), so it is no secret. Written as 16 lower-case hexadecimal digits.
/// </summary>
public readonly record struct TicketKeyId
{
    /// <summary>The length in bytes.</summary>
    public const int Length = 8;

    private readonly ulong _value;

    private TicketKeyId(ulong value) => _value = value;

    /// <summary>Parses 16 hexadecimal digits.</summary>
    /// <exception cref="FormatException">It is not 16 hexadecimal digits.</exception>
    public static TicketKeyId Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var id) ? id : throw new FormatException("a ticket key id is 16 hexadecimal digits");

    /// <summary>Parses 16 hexadecimal digits; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TicketKeyId id)
    {
        var parsed = ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && text.Length == 2 * Length;
        id = parsed ? new TicketKeyId(value) : default;
        return parsed;
    }

    /// <summary>The 16 hexadecimal digits.</summary>
    public override string ToString() => _value.ToString("x16", CultureInfo.InvariantCulture);

    internal static TicketKeyId NewRandom()
    {
        Span<byte> bytes = stackalloc byte[Length];
        RandomNumberGenerator.Fill(bytes);
        return Read(bytes);
    }

    /// <summary>The id in the first eight bytes.</summary>
    internal static TicketKeyId Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt64BigEndian(source));

    internal void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt64BigEndian(destination, _value);

    /// <summary>The order of the bytes; it breaks ties between keys.</summary>
    internal int CompareTo(TicketKeyId other) => _value.CompareTo(other._value);
}
