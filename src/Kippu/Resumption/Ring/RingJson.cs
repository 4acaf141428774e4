using System.Buffers;
using System.Text.Json;
using Kippu.Crypto;

namespace Kippu.Resumption;

/// <summary>The ring as JSON, format <c>kippu-ring/1</c> (docs/ticket-format.md).</summary>
internal static class RingJson
{
    public const string Format = "kippu-ring/1";

    /// <summary>Several times what 64 keys need, generously indented.</summary>
    public const int MaxLength = 128 * 1024;

    private const int RequiredOfRing = 0b111111;
    private const int RequiredOfKey = 0b101;
    private const int BytesPerKey = 512;

    private static readonly string[] s_ringNames = ["format", "epoch", "version", "written", "maxTicketLifetime", "keys"];
    private static readonly string[] s_keyNames = ["id", "secret", "published", "activateAt", "retireAt", "eraseAt", "revoked"];

    public static TicketKeyRing Read(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxLength)
        {
            throw new StoredFormatException("ring", $"longer than {MaxLength} bytes");
        }

        StrictJsonReader.RequireFormat(json, "ring", Format);
        var keys = new List<TicketKey>();
        try
        {
            return ReadRing(json, keys);
        }
        catch
        {
            // No ring owns them: an owner that comes and goes clears them.
            foreach (var key in keys)
            {
                if (key.Secret?.TryAddOwner() == true)
                {
                    key.Secret.Release();
                }
            }

            throw;
        }
    }

    public static void Write(TicketKeyRing ring, Stream destination)
    {
        var buffer = new ArrayBufferWriter<byte>(BytesPerKey * (ring.Keys.Count + 1));
        try
        {
            using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
            {
                WriteRing(writer, ring);
            }

            buffer.Write("\n"u8);
            destination.Write(buffer.WrittenSpan);
        }
        finally
        {
            buffer.Clear();
        }
    }

    private static TicketKeyRing ReadRing(ReadOnlySpan<byte> json, List<TicketKey> keys)
    {
        var reader = new StrictJsonReader(json, "ring");
        reader.ReadObjectStart("");
        long epoch = 0, version = 0;
        DateTimeOffset written = default;
        var maxTicketLifetime = TimeSpan.Zero;
        var seen = 0;
        while (reader.TryReadProperty("", s_ringNames, ref seen, out var property))
        {
            switch (s_ringNames[property])
            {
                case "format":
                    reader.ReadString("format");
                    break;
                case "epoch":
                    epoch = reader.ReadInteger("epoch", 1, long.MaxValue / 2);
                    break;
                case "version":
                    version = reader.ReadInteger("version", 1, long.MaxValue / 2);
                    break;
                case "written":
                    written = reader.ReadTime("written");
                    break;
                case "maxTicketLifetime":
                    maxTicketLifetime = TimeSpan.FromSeconds(reader.ReadInteger("maxTicketLifetime", 1, 7 * 24 * 3600));
                    break;
                default:
                    ReadKeys(ref reader, keys);
                    break;
            }
        }

        StrictJsonReader.Require("", s_ringNames, seen, RequiredOfRing);
        reader.ExpectEnd();
        if (RingRules.FindFault(epoch, version, maxTicketLifetime, keys) is { } fault)
        {
            throw new StoredFormatException(fault.Location, fault.Problem);
        }

        return new TicketKeyRing(epoch, version, written, maxTicketLifetime, keys);
    }

    private static void ReadKeys(ref StrictJsonReader reader, List<TicketKey> keys)
    {
        reader.ReadArrayStart("keys");
        while (reader.TryReadObjectStart($"keys[{keys.Count}]"))
        {
            if (keys.Count == TicketKeyRing.MaxKeys)
            {
                throw new StoredFormatException("keys", $"more than {TicketKeyRing.MaxKeys} keys");
            }

            ReadKey(ref reader, $"keys[{keys.Count}]", keys);
        }
    }

    private static void ReadKey(ref StrictJsonReader reader, string path, List<TicketKey> keys)
    {
        TicketKeyId id = default;
        SecretBytes? secret = null;
        DateTimeOffset published = default;
        DateTimeOffset? activateAt = null, retireAt = null, eraseAt = null;
        var revoked = false;
        var seen = 0;
        try
        {
            while (reader.TryReadProperty(path, s_keyNames, ref seen, out var property))
            {
                var name = s_keyNames[property];
                switch (name)
                {
                    case "id":
                        id = ReadId(ref reader, $"{path}.{name}");
                        break;
                    case "secret":
                        secret = ReadSecret(ref reader, $"{path}.{name}");
                        break;
                    case "published":
                        published = reader.ReadTime($"{path}.{name}");
                        break;
                    case "activateAt":
                        activateAt = reader.ReadTime($"{path}.{name}");
                        break;
                    case "retireAt":
                        retireAt = reader.ReadTime($"{path}.{name}");
                        break;
                    case "eraseAt":
                        eraseAt = reader.ReadTime($"{path}.{name}");
                        break;
                    default:
                        revoked = reader.ReadBoolean($"{path}.{name}");
                        break;
                }
            }

            StrictJsonReader.Require(path, s_keyNames, seen, RequiredOfKey);
        }
        catch
        {
            secret?.Dispose();
            throw;
        }

        keys.Add(new TicketKey(id, secret is null ? null : new TicketKeySecret(secret), published, activateAt, retireAt, eraseAt, revoked));
    }

    private static TicketKeyId ReadId(ref StrictJsonReader reader, string path) =>
        TicketKeyId.TryParse(reader.ReadString(path), out var id) ? id : throw new StoredFormatException(path, "16 hexadecimal digits are expected");

    private static SecretBytes ReadSecret(ref StrictJsonReader reader, string path)
    {
        var secret = new SecretBytes(TicketKeySecret.Length);
        try
        {
            reader.ReadBase64(path, secret.Span);

            // All zero is what a generator that failed leaves behind; no fleet may run on it.
            if (!secret.Span.ContainsAnyExcept(secret.Span[0]))
            {
                throw new StoredFormatException(path, "all its bytes are equal: that is no random key");
            }

            return secret;
        }
        catch
        {
            secret.Dispose();
            throw;
        }
    }

    private static void WriteRing(Utf8JsonWriter writer, TicketKeyRing ring)
    {
        writer.WriteStartObject();
        writer.WriteString("format", Format);
        writer.WriteNumber("epoch", ring.Epoch);
        writer.WriteNumber("version", ring.Version);
        writer.WriteString("written", RingTime.Format(ring.Written));
        writer.WriteNumber("maxTicketLifetime", (long)ring.MaxTicketLifetime.TotalSeconds);
        writer.WriteStartArray("keys");
        foreach (var key in ring.Keys)
        {
            WriteKey(writer, key);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteKey(Utf8JsonWriter writer, TicketKey key)
    {
        writer.WriteStartObject();
        writer.WriteString("id", key.Id.ToString());
        if (key.Secret is { } secret)
        {
            writer.WriteBase64String("secret", secret.Span);
        }

        writer.WriteString("published", RingTime.Format(key.Published));
        WriteTime(writer, "activateAt", key.ActivateAt);
        WriteTime(writer, "retireAt", key.RetireAt);
        WriteTime(writer, "eraseAt", key.EraseAt);
        if (key.Revoked)
        {
            writer.WriteBoolean("revoked", true);
        }

        writer.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } value)
        {
            writer.WriteString(name, RingTime.Format(value));
        }
    }
}
