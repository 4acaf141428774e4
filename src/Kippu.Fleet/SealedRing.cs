using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Kippu.Fleet;

/// <summary>
/// A ring at rest under an operator key, format <c>kippu-sealed-ring/1</c> (docs/ticket-format.md): the ring without its secrets stands in the clear and is
/// authenticated, and the secrets are encrypted.
/// </summary>
internal static class SealedRing
{
    public const string Format = "kippu-sealed-ring/1";

    private const int SaltLength = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int SecretLength = 32;

    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 5 };
    private static readonly string[] s_properties = ["format", "operatorKey", "salt", "sealed", "ring"];

    /// <summary>True if the text says so of itself; whether it is one shows when it is opened.</summary>
    public static bool IsSealed(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isFormat = reader.ValueTextEquals("format"u8);
                reader.Read();
                if (isFormat)
                {
                    return reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(Format);
                }

                reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader of rings says what is wrong.
        }

        return false;
    }

    public static void Write(TicketKeyRing ring, OperatorKey operatorKey, SecretBuffer destination)
    {
        using var clear = SecretBuffer.Of(ring);
        using var document = JsonDocument.Parse(clear.WrittenMemory, s_strict);
        var secrets = RingSecrets.Of(document.RootElement);
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        var sealedSecrets = new byte[secrets.Length + TagLength];
        try
        {
            Encrypt(operatorKey, salt, secrets, RingSecrets.WithoutSecrets(document.RootElement), sealedSecrets);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secrets);
        }

        using (var writer = new Utf8JsonWriter(destination, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            writer.WriteString("format", Format);
            writer.WriteString("operatorKey", operatorKey.Id);
            writer.WriteBase64String("salt", salt);
            writer.WriteBase64String("sealed", sealedSecrets);
            writer.WritePropertyName("ring");
            RingSecrets.Copy(document.RootElement, writer);
            writer.WriteEndObject();
        }

        "\n"u8.CopyTo(destination.GetSpan(1));
        destination.Advance(1);
    }

    /// <exception cref="RingUnavailableException">It is no sealed ring, its key is not among these, or it has been altered.</exception>
    public static TicketKeyRing Open(ReadOnlyMemory<byte> text, OperatorKeySet keys) => Guard(text, root => Open(root, keys));

    /// <summary>
    /// Ids and times without the operator key, and without knowing whether they have been altered: a ring that was disposed, so that it can be read and neither
    /// seals, opens nor is written.
    /// </summary>
    /// <exception cref="RingUnavailableException">It is no sealed ring.</exception>
    public static TicketKeyRing ReadUnverified(ReadOnlyMemory<byte> text)
    {
        var ring = Guard(text, root =>
        {
            var readable = root.GetProperty("ring");
            return Load(readable, RandomNumberGenerator.GetBytes(RingSecrets.Count(readable) * SecretLength));
        });
        ring.Dispose();
        return ring;
    }

    /// <summary>Names the key that it says it is sealed by.</summary>
    /// <exception cref="RingUnavailableException">It is no sealed ring.</exception>
    public static string OperatorKeyIdOf(ReadOnlyMemory<byte> text) => Guard(text, root => String(root, "operatorKey"));

    private static TicketKeyRing Open(JsonElement root, OperatorKeySet keys)
    {
        var key = keys.Find(String(root, "operatorKey"));
        var salt = Bytes(root, "salt", SaltLength, SaltLength);
        var sealedSecrets = Bytes(root, "sealed", TagLength, TagLength + (TicketKeyRing.MaxKeys * SecretLength));
        var ring = root.GetProperty("ring");
        var secrets = GC.AllocateUninitializedArray<byte>(sealedSecrets.Length - TagLength, pinned: true);
        try
        {
            Decrypt(key, salt, sealedSecrets, RingSecrets.WithoutSecrets(ring), secrets);
            return Load(ring, secrets);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secrets);
        }
    }

    private static TicketKeyRing Load(JsonElement ring, ReadOnlySpan<byte> secrets)
    {
        if (secrets.Length != RingSecrets.Count(ring) * SecretLength)
        {
            throw Malformed("sealed: not as many secrets as the ring has keys");
        }

        using var clear = new SecretBuffer(RingSize.Max);
        using (var writer = new Utf8JsonWriter(clear))
        {
            RingSecrets.Copy(ring, writer, secrets);
        }

        try
        {
            return TicketKeyRing.Load(clear.Written);
        }
        catch (StoredFormatException e)
        {
            throw Malformed($"ring.{e.Message}", e);
        }
    }

    private static void Encrypt(OperatorKey operatorKey, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> secrets, ReadOnlySpan<byte> readable, Span<byte> destination)
    {
        Span<byte> derived = stackalloc byte[OperatorKey.Length + NonceLength];
        Derive(operatorKey, salt, derived);
        try
        {
            using var aead = new AesGcm(derived[..OperatorKey.Length], TagLength);
            aead.Encrypt(derived[OperatorKey.Length..], secrets, destination[..secrets.Length], destination[secrets.Length..], readable);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    private static void Decrypt(OperatorKey operatorKey, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> sealedSecrets, ReadOnlySpan<byte> readable, Span<byte> secrets)
    {
        Span<byte> derived = stackalloc byte[OperatorKey.Length + NonceLength];
        Derive(operatorKey, salt, derived);
        try
        {
            using var aead = new AesGcm(derived[..OperatorKey.Length], TagLength);
            aead.Decrypt(derived[OperatorKey.Length..], sealedSecrets[..secrets.Length], sealedSecrets[secrets.Length..], secrets, readable);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new RingUnavailableException(RingProblem.Altered, $"it is not what {operatorKey} sealed: an id, a time or a secret has been altered", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    /// <summary>A key and a nonce of their own for each text: the salt is random, so neither is ever used twice.</summary>
    private static void Derive(OperatorKey operatorKey, ReadOnlySpan<byte> salt, Span<byte> derived) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, operatorKey.Span, derived, salt, "kippu 1 ring at rest"u8);

    /// <summary>The document is gone when this returns. Text that is no text shows when it is taken out.</summary>
    private static T Guard<T>(ReadOnlyMemory<byte> text, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(text, s_strict);
            return FindFault(document.RootElement) is { } fault ? throw Malformed(fault) : read(document.RootElement);
        }
        catch (InvalidOperationException e)
        {
            throw Malformed("not valid text", e);
        }
        catch (JsonException e)
        {
            throw Malformed($"not JSON, or cut short, at line {e.LineNumber + 1}", e);
        }
    }

    private static string? FindFault(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return "an object is expected";
        }

        foreach (var property in root.EnumerateObject())
        {
            if (!s_properties.Contains(property.Name))
            {
                return "a property that is not known here";
            }
        }

        return s_properties.FirstOrDefault(name => !root.TryGetProperty(name, out _)) is { } missing ? $"{missing}: missing"
            : !RingSecrets.HasShape(root.GetProperty("ring")) ? "ring: a ring without its secrets is expected"
            : null;
    }

    private static string String(JsonElement root, string name) =>
        root.GetProperty(name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : throw Malformed($"{name}: a string is expected");

    private static byte[] Bytes(JsonElement root, string name, int least, int most) =>
        root.GetProperty(name) is { ValueKind: JsonValueKind.String } text && text.TryGetBytesFromBase64(out var bytes) && bytes.Length >= least && bytes.Length <= most
            ? bytes
            : throw Malformed($"{name}: base64 of {least} to {most} bytes is expected");

    private static RingUnavailableException Malformed(string detail, Exception? inner = null) => new(RingProblem.Malformed, detail, inner);
}
