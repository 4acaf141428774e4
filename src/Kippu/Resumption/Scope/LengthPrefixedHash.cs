using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Kippu.Resumption;

/// <summary>SHA-256 over fields of which each is preceded by its length in four bytes, so that no two lists of fields hash the same bytes.</summary>
internal readonly struct LengthPrefixedHash : IDisposable
{
    public const int Length = 32;

    private static readonly UTF8Encoding s_strictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly IncrementalHash _hash;

    public LengthPrefixedHash(ReadOnlySpan<byte> label)
    {
        _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(label);
    }

    public void Add(ReadOnlySpan<byte> field)
    {
        AddInteger(field.Length);
        _hash.AppendData(field);
    }

    /// <summary>As UTF-8, exactly as it is: no folding of case, no normal form.</summary>
    /// <exception cref="EncoderFallbackException">Not valid UTF-16: two such texts could become the same bytes.</exception>
    public void Add(string field) => Add(s_strictUtf8.GetBytes(field));

    public void Add(int field)
    {
        AddInteger(sizeof(int));
        AddInteger(field);
    }

    public void Finish(Span<byte> destination) => _hash.GetHashAndReset(destination);

    public void Dispose() => _hash.Dispose();

    private void AddInteger(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        _hash.AppendData(bytes);
    }
}
