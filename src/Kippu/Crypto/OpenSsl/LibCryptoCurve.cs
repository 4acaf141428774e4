namespace Kippu.Crypto.OpenSsl;

/// <summary>A NIST curve: its parameters, read once, from which keys are made. Thread-safe.</summary>
internal sealed unsafe class LibCryptoCurve
{
    private const byte Uncompressed = 4;

    private readonly KeyHandle _parameters;

    private LibCryptoCurve(KeyHandle parameters, int fieldLength)
    {
        _parameters = parameters;
        FieldLength = fieldLength;
    }

    /// <summary>The length of a coordinate, and of a shared secret.</summary>
    public int FieldLength { get; }

    /// <summary>The length of an uncompressed point.</summary>
    public int PointLength => 1 + (2 * FieldLength);

    private static LibCryptoCurve? P256 { get; } = Find("P-256\0"u8, 32);

    private static LibCryptoCurve? P384 { get; } = Find("P-384\0"u8, 48);

    private static LibCryptoCurve? P521 { get; } = Find("P-521\0"u8, 66);

    /// <summary>Null if libcrypto is not here, or does not offer the curve.</summary>
    public static LibCryptoCurve? Find(NamedGroup group) => group switch
    {
        NamedGroup.Secp256r1 => P256,
        NamedGroup.Secp384r1 => P384,
        NamedGroup.Secp521r1 => P521,
        _ => null,
    };

    /// <summary>A new key; its public part, uncompressed, goes to <paramref name="publicKey"/>.</summary>
    public KeyHandle Generate(Span<byte> publicKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(publicKey.Length, PointLength);
        using var parameters = _parameters.Use();
        using var handle = new KeyContextHandle(LibCrypto.EVP_PKEY_CTX_new_from_pkey(0, parameters.Pointer, null));
        using var context = handle.Use();
        nint pointer = 0;
        LibCrypto.Check(LibCrypto.EVP_PKEY_keygen_init(context.Pointer), nameof(LibCrypto.EVP_PKEY_keygen_init));
        LibCrypto.Check(LibCrypto.EVP_PKEY_generate(context.Pointer, &pointer), nameof(LibCrypto.EVP_PKEY_generate));
        var key = new KeyHandle(pointer);
        nuint written = 0;
        fixed (byte* name = "encoded-pub-key\0"u8, bytes = publicKey)
        {
            var result = LibCrypto.EVP_PKEY_get_octet_string_param(pointer, name, bytes, (nuint)publicKey.Length, &written);
            if (result != 1 || written != (nuint)publicKey.Length || publicKey[0] != Uncompressed)
            {
                key.Dispose();
                throw new InvalidOperationException($"libcrypto gave a public key of {written} bytes that is not an uncompressed point");
            }
        }

        GC.KeepAlive(key);
        return key;
    }

    /// <summary>A peer's point; null if it is not one of the curve.</summary>
    /// <param name="encoded">As long as an uncompressed point, and looked at: the form is known.</param>
    public KeyHandle? Import(ReadOnlySpan<byte> encoded)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(encoded.Length, PointLength);
        using var parameters = _parameters.Use();
        var key = new KeyHandle(LibCrypto.EVP_PKEY_new());
        using var pointer = key.Use();
        LibCrypto.Check(LibCrypto.EVP_PKEY_copy_parameters(pointer.Pointer, parameters.Pointer), nameof(LibCrypto.EVP_PKEY_copy_parameters));
        fixed (byte* bytes = encoded)
        {
            if (LibCrypto.EVP_PKEY_set1_encoded_public_key(pointer.Pointer, bytes, (nuint)encoded.Length) == 1)
            {
                return key;
            }
        }

        LibCrypto.ClearErrors();
        key.Dispose();
        return null;
    }

    private static LibCryptoCurve? Find(ReadOnlySpan<byte> name, int fieldLength)
    {
        if (!LibCrypto.IsAvailable)
        {
            return null;
        }

        fixed (byte* type = "EC\0"u8, group = name)
        {
            nint parameters = 0;
            var context = LibCrypto.EVP_PKEY_CTX_new_from_name(0, type, null);
            var found = context != 0
                && LibCrypto.EVP_PKEY_paramgen_init(context) == 1
                && LibCrypto.EVP_PKEY_CTX_set_group_name(context, group) == 1
                && LibCrypto.EVP_PKEY_generate(context, &parameters) == 1;
            LibCrypto.EVP_PKEY_CTX_free(context);
            LibCrypto.ClearErrors();
            return found ? new LibCryptoCurve(new KeyHandle(parameters), fieldLength) : null;
        }
    }
}
