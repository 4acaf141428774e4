using System.Buffers.Text;
using System.Security.Cryptography;

namespace Kippu.Fleet;

/// <summary>The 32 bytes under which rings are sealed at rest, and where they come from: a file.</summary>
internal sealed class OperatorKey : IDisposable
{
    public const int Length = 32;
    public const int IdLength = 8;

    /// <summary>Base64 of 32 bytes and the end of a line.</summary>
    private const int LongestFile = 64;

    private readonly byte[] _bytes;

    private OperatorKey(byte[] bytes)
    {
        _bytes = bytes;
        Span<byte> id = stackalloc byte[IdLength];
        HKDF.Expand(HashAlgorithmName.SHA256, bytes, id, "kippu 1 operator key id"u8);
        Id = Convert.ToHexStringLower(id);
    }

    /// <summary>Names the key in what it sealed: 16 hexadecimal digits that follow from it.</summary>
    public string Id { get; }

    public ReadOnlySpan<byte> Span => _bytes;

    /// <exception cref="RingUnavailableException">The file cannot be read, or holds no key.</exception>
    public static OperatorKey Load(string path)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(Length, pinned: true);
        Span<byte> content = stackalloc byte[LongestFile + 1];
        try
        {
            using var file = File.OpenRead(path);
            var length = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            if (!TryDecode(content[..length], bytes) || !bytes.AsSpan().ContainsAnyExcept(bytes[0]))
            {
                throw new RingUnavailableException(RingProblem.UnknownOperatorKey, $"{path} holds no operator key: 32 random bytes are expected, or base64 of them");
            }

            return new OperatorKey(bytes);
        }
        catch (Exception e) when (e is (IOException and not RingUnavailableException) or UnauthorizedAccessException)
        {
            throw new RingUnavailableException(RingProblem.UnknownOperatorKey, $"the operator key in {path} cannot be read: {e.Message}", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);

    public override string ToString() => $"operator key {Id}";

    private static bool TryDecode(ReadOnlySpan<byte> content, Span<byte> key)
    {
        if (content.Length == Length)
        {
            content.CopyTo(key);
            return true;
        }

        var text = content.TrimEnd("\r\n"u8);
        return text.Length == Base64.GetMaxEncodedToUtf8Length(Length)
            && Base64.DecodeFromUtf8(text, key, out _, out var written) == System.Buffers.OperationStatus.Done
            && written == Length;
    }
}
