using System.Buffers;
using System.Text.Json;

namespace Kippu.Fleet;

/// <summary>Takes the secrets out of the JSON of a ring, and puts them in again. What a ring has to look like besides is <see cref="TicketKeyRing.Load(ReadOnlySpan{byte})"/>'s to say.</summary>
internal static class RingSecrets
{
    private const int SecretLength = 32;

    /// <summary>True if this is an object with an array of objects as its keys, and no secret in it.</summary>
    public static bool HasShape(JsonElement ring) =>
        ring.ValueKind == JsonValueKind.Object
        && ring.TryGetProperty("keys", out var keys)
        && keys.ValueKind == JsonValueKind.Array
        && keys.GetArrayLength() <= TicketKeyRing.MaxKeys
        && keys.EnumerateArray().All(key => key.ValueKind == JsonValueKind.Object && !key.TryGetProperty("secret", out _));

    /// <summary>How many keys have a secret: all that are not revoked.</summary>
    public static int Count(JsonElement ring) => Keys(ring).Count(HasSecret);

    /// <summary>The secrets, in the order of the keys. The caller clears them.</summary>
    public static byte[] Of(JsonElement ring)
    {
        var secrets = GC.AllocateUninitializedArray<byte>(Count(ring) * SecretLength, pinned: true);
        var position = 0;
        foreach (var key in Keys(ring).Where(HasSecret))
        {
            var secret = key.GetProperty("secret").GetBytesFromBase64();
            secret.CopyTo(secrets.AsSpan(position));
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(secret);
            position += SecretLength;
        }

        return secrets;
    }

    /// <summary>The text of the ring without its secrets and without white space: what is authenticated.</summary>
    public static byte[] WithoutSecrets(JsonElement ring)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Copy(ring, writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes the ring with these secrets in the place of its own; without any, if there are none.</summary>
    public static void Copy(JsonElement ring, Utf8JsonWriter writer, ReadOnlySpan<byte> secrets = default)
    {
        writer.WriteStartObject();
        foreach (var property in ring.EnumerateObject())
        {
            if (property.Name != "keys")
            {
                property.WriteTo(writer);
                continue;
            }

            writer.WriteStartArray("keys");
            foreach (var key in property.Value.EnumerateArray())
            {
                CopyKey(key, writer, ref secrets);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void CopyKey(JsonElement key, Utf8JsonWriter writer, ref ReadOnlySpan<byte> secrets)
    {
        writer.WriteStartObject();
        foreach (var property in key.EnumerateObject())
        {
            if (property.Name != "secret")
            {
                property.WriteTo(writer);
            }
        }

        if (!secrets.IsEmpty && HasSecret(key))
        {
            writer.WriteBase64String("secret", secrets[..SecretLength]);
            secrets = secrets[SecretLength..];
        }

        writer.WriteEndObject();
    }

    private static JsonElement.ArrayEnumerator Keys(JsonElement ring) => ring.GetProperty("keys").EnumerateArray();

    private static bool HasSecret(JsonElement key) => !key.TryGetProperty("revoked", out _);
}
