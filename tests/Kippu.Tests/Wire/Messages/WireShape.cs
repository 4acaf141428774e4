using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Wire.Messages;

/// <summary>Where a length stands in a message, and how many bytes it has.</summary>
internal readonly record struct LengthField(int Offset, int Width)
{
    public int Max => (1 << (8 * Width)) - 1;

    public int In(ReadOnlySpan<byte> message)
    {
        var value = 0;
        foreach (var part in message.Slice(Offset, Width))
        {
            value = (value << 8) | part;
        }

        return value;
    }

    /// <summary>A copy of the message in which this length says <paramref name="value"/>.</summary>
    public byte[] Changed(ReadOnlySpan<byte> message, int value)
    {
        var changed = message.ToArray();
        for (var i = Width - 1; i >= 0; i--)
        {
            changed[Offset + i] = (byte)value;
            value >>= 8;
        }

        return changed;
    }
}

/// <summary>
/// The shape of a message, stated a second time and without the parsers under test, so that a test can find every length in it. A shape walks
/// the bytes from <paramref name="position"/>, never past <paramref name="end"/>, notes the lengths it meets and returns where it stopped.
/// </summary>
internal delegate int WireShape(byte[] message, int position, int end, List<LengthField> lengths);

internal static class WireShapes
{
    public static WireShape Bytes(int count) => (_, position, _, _) => position + count;

    public static WireShape Opaque { get; } = (_, _, end, _) => end;

    public static WireShape Sequence(params WireShape[] parts) => (message, position, end, lengths) =>
        parts.Aggregate(position, (current, part) => part(message, current, end, lengths));

    public static WireShape Many(WireShape item) => (message, position, end, lengths) =>
    {
        while (position < end)
        {
            position = item(message, position, end, lengths);
        }

        return position;
    };

    public static WireShape Vector(int width, WireShape? content = null) => (message, position, end, lengths) =>
    {
        var field = new LengthField(position, width);
        lengths.Add(field);
        var start = position + width;
        var stop = start + field.In(message);
        Assert.True(stop <= end, "the sample itself is wrong");
        Assert.Equal(stop, (content ?? Opaque)(message, start, stop, lengths));
        return stop;
    };

    /// <summary>extension_type and extension_data, whose own shape depends on the type.</summary>
    public static WireShape Extension(IReadOnlyDictionary<ExtensionType, WireShape> known) => (message, position, end, lengths) =>
    {
        var type = (ExtensionType)((message[position] << 8) | message[position + 1]);
        return Vector(2, known.GetValueOrDefault(type))(message, position + 2, end, lengths);
    };

    public static IReadOnlyList<LengthField> LengthsIn(this WireShape shape, byte[] message)
    {
        var lengths = new List<LengthField>();
        Assert.Equal(message.Length, shape(message, 0, message.Length, lengths));
        return lengths;
    }
}
