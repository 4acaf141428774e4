using System.Security.Cryptography;

namespace Kippu.Fleet;

/// <summary>Files that hold an operator key: 32 random bytes, or base64 of them.</summary>
public static class OperatorKeyFile
{
    /// <summary>Makes a new key, as base64, in a file that its owner alone can read (0600).</summary>
    /// <returns>The key's id, which stands in every ring that it seals; no secret.</returns>
    /// <exception cref="IOException">The file exists, or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    public static string Create(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Span<byte> key = stackalloc byte[OperatorKey.Length];
        Span<byte> text = stackalloc byte[System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(OperatorKey.Length) + 1];
        RandomNumberGenerator.Fill(key);
        System.Buffers.Text.Base64.EncodeToUtf8(key, text, out _, out _);
        text[^1] = (byte)'\n';
        try
        {
            using var file = AtomicFile.OpenNew(path);
            file.Write(text);
            file.Flush(flushToDisk: true);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(text);
        }

        return IdOf(path);
    }

    /// <summary>The id of the key in a file: 16 hexadecimal digits, no secret.</summary>
    /// <exception cref="RingUnavailableException">The file cannot be read, or holds no key.</exception>
    public static string IdOf(string path)
    {
        using var key = OperatorKey.Load(path);
        return key.Id;
    }
}
