using System.Buffers.Text;
using System.Text.Json;

namespace Kippu.Resumption;

/// <summary>
/// Reads JSON that we wrote: no comments, no trailing commas, no property that is unknown or repeated, and every fault with its place. Nothing that was
/// read is ever repeated in a message, because it may be a secret.
/// </summary>
internal ref struct StrictJsonReader
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly string _what;
    private Utf8JsonReader _reader;

    public StrictJsonReader(ReadOnlySpan<byte> json, string what)
    {
        _json = json;
        _what = what;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4 });
    }

    /// <summary>
    /// Looks for the top-level property <c>format</c> first, wherever it stands, so that a text of a later format is refused for that and not for what is
    /// new in it.
    /// </summary>
    public static void RequireFormat(ReadOnlySpan<byte> json, string what, string format)
    {
        var reader = new StrictJsonReader(json, what);
        reader.ReadStart(JsonTokenType.StartObject, what);
        while (reader.Next() == JsonTokenType.PropertyName)
        {
            var isFormat = reader._reader.ValueTextEquals("format"u8);
            reader.Next();
            if (isFormat)
            {
                if (reader._reader.TokenType != JsonTokenType.String || !reader._reader.ValueTextEquals(format))
                {
                    throw new StoredFormatException("format", $"not \"{format}\", which is what this version reads");
                }

                return;
            }

            reader.Skip();
        }

        throw new StoredFormatException("format", $"missing: \"{format}\" is expected");
    }

    public void ReadObjectStart(string path) => ReadStart(JsonTokenType.StartObject, path);

    public void ReadArrayStart(string path) => ReadStart(JsonTokenType.StartArray, path);

    /// <summary>In an array of objects: true if another object starts, false at the end of the array.</summary>
    public bool TryReadObjectStart(string path) => Next() switch
    {
        JsonTokenType.StartObject => true,
        JsonTokenType.EndArray => false,
        _ => throw new StoredFormatException(path, "an object is expected"),
    };

    /// <summary>
    /// The next property of the object, as its index in <paramref name="names"/>; false at the end of the object. <paramref name="seen"/> collects the
    /// properties that have come, a bit for each.
    /// </summary>
    public bool TryReadProperty(string path, ReadOnlySpan<string> names, ref int seen, out int index)
    {
        index = -1;
        if (Next() == JsonTokenType.EndObject)
        {
            return false;
        }

        for (var i = 0; i < names.Length; i++)
        {
            if (_reader.ValueTextEquals(names[i]))
            {
                if ((seen & (1 << i)) != 0)
                {
                    throw new StoredFormatException(Join(path, names[i]), "stands twice");
                }

                seen |= 1 << i;
                index = i;
                return true;
            }
        }

        throw new StoredFormatException(Place(), "a property that is not known here");
    }

    /// <summary>Insists that the properties in <paramref name="required"/>, a bit for each, have come.</summary>
    public static void Require(string path, ReadOnlySpan<string> names, int seen, int required)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if ((required & ~seen & (1 << i)) != 0)
            {
                throw new StoredFormatException(Join(path, names[i]), "missing");
            }
        }
    }

    public string ReadString(string path) =>
        Next() == JsonTokenType.String ? Text(path) : throw new StoredFormatException(path, "a string is expected");

    public long ReadInteger(string path, long least, long most)
    {
        if (Next() != JsonTokenType.Number || !_reader.TryGetInt64(out var value) || value < least || value > most)
        {
            throw new StoredFormatException(path, $"a whole number from {least} to {most} is expected");
        }

        return value;
    }

    public bool ReadBoolean(string path) => Next() switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw new StoredFormatException(path, "true or false is expected"),
    };

    public DateTimeOffset ReadTime(string path) =>
        Next() == JsonTokenType.String && RingTime.TryParse(Text(path), out var time)
            ? time
            : throw new StoredFormatException(path, "a UTC time like 2030-01-31T23:59:59.000Z, not before 1970 and not after 8999, is expected");

    /// <summary>Base64 of exactly as many bytes as the destination holds, decoded straight into it.</summary>
    public void ReadBase64(string path, Span<byte> destination)
    {
        var text = Base64Text(path);
        if (text.Length != Base64.GetMaxEncodedToUtf8Length(destination.Length)
            || Base64.DecodeFromUtf8(text, destination, out _, out var written) != System.Buffers.OperationStatus.Done
            || written != destination.Length)
        {
            throw new StoredFormatException(path, $"base64 of {destination.Length} bytes is expected");
        }
    }

    /// <summary>Base64 of at most <paramref name="most"/> bytes.</summary>
    public byte[] ReadBase64(string path, int most)
    {
        var text = Base64Text(path);
        if (text.Length > Base64.GetMaxEncodedToUtf8Length(most) || !Base64.IsValid(text, out var length) || length > most)
        {
            throw new StoredFormatException(path, $"base64 of at most {most} bytes is expected");
        }

        var bytes = new byte[length];
        Base64.DecodeFromUtf8(text, bytes, out _, out _);
        return bytes;
    }

    public void ExpectEnd()
    {
        try
        {
            if (!_reader.Read())
            {
                return;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new StoredFormatException(Place(), "more text after the end");
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private void ReadStart(JsonTokenType start, string path)
    {
        if (Next() != start)
        {
            throw new StoredFormatException(path.Length == 0 ? _what : path, start == JsonTokenType.StartArray ? "an array is expected" : "an object is expected");
        }
    }

    private ReadOnlySpan<byte> Base64Text(string path)
    {
        if (Next() != JsonTokenType.String || _reader.ValueIsEscaped)
        {
            throw new StoredFormatException(path, "a string of base64 is expected");
        }

        return _reader.ValueSpan;
    }

    private string Text(string path)
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new StoredFormatException(path, "not valid text");
        }
    }

    private JsonTokenType Next()
    {
        try
        {
            if (_reader.Read())
            {
                return _reader.TokenType;
            }
        }
        catch (JsonException)
        {
            // The platform's message may repeat what it read.
        }

        throw new StoredFormatException(Place(), "not JSON, or cut short");
    }

    private void Skip()
    {
        try
        {
            _reader.Skip();
        }
        catch (JsonException)
        {
            throw new StoredFormatException(Place(), "not JSON, or cut short");
        }
    }

    /// <summary>Line and column of where the reader stands, from 1.</summary>
    private readonly string Place()
    {
        var before = _json[..(int)Math.Min(_json.Length, _reader.BytesConsumed)];
        var line = before.Count((byte)'\n') + 1;
        var column = before.Length - before.LastIndexOf((byte)'\n');
        return $"{_what}, line {line}, column {column}";
    }
}
