namespace Kippu.Crypto.OpenSsl;

/// <summary>X25519's scalar multiplications. All values are 32 bytes.</summary>
internal static unsafe class LibCryptoX25519
{
    private const int Length = 32;

    private static ReadOnlySpan<byte> Name => "X25519\0"u8;

    public static bool IsAvailable { get; } = LibCrypto.IsAvailable && CanMultiply();

    /// <summary>q = n·G.</summary>
    public static void ScalarMultBase(Span<byte> q, ReadOnlySpan<byte> n)
    {
        fixed (byte* name = Name, scalar = n, result = q)
        {
            using var key = new KeyHandle(LibCrypto.EVP_PKEY_new_raw_private_key_ex(0, name, null, scalar, Length));
            using var pointer = key.Use();
            nuint length = Length;
            LibCrypto.Check(LibCrypto.EVP_PKEY_get_raw_public_key(pointer.Pointer, result, &length), nameof(LibCrypto.EVP_PKEY_get_raw_public_key));
        }
    }

    /// <summary>q = n·p; false if that is all zero.</summary>
    /// <param name="q">The result.</param>
    /// <param name="n">The scalar.</param>
    /// <param name="own">n·G: given, so that it is not computed a second time.</param>
    /// <param name="p">The peer's point.</param>
    public static bool TryScalarMult(Span<byte> q, ReadOnlySpan<byte> n, ReadOnlySpan<byte> own, ReadOnlySpan<byte> p)
    {
        fixed (byte* name = Name, point = p, result = q)
        {
            using var key = Import(n, own);
            using var peer = new KeyHandle(LibCrypto.EVP_PKEY_new_raw_public_key_ex(0, name, null, point, Length));
            if (LibCryptoAgreement.TryDerive(key, peer, result, Length))
            {
                return true;
            }

            q.Clear();
            return false;
        }
    }

    private static KeyHandle Import(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point)
    {
        fixed (byte* name = Name, privateName = "priv\0"u8, publicName = "pub\0"u8, privateKey = scalar, publicKey = point)
        {
            var parameters = stackalloc LibCrypto.Parameter[3];
            parameters[0] = new LibCrypto.Parameter { Key = privateName, Type = LibCrypto.OctetString, Data = privateKey, Length = Length };
            parameters[1] = new LibCrypto.Parameter { Key = publicName, Type = LibCrypto.OctetString, Data = publicKey, Length = Length };
            parameters[2] = default;

            using var handle = new KeyContextHandle(LibCrypto.EVP_PKEY_CTX_new_from_name(0, name, null));
            using var context = handle.Use();
            nint key;
            LibCrypto.Check(LibCrypto.EVP_PKEY_fromdata_init(context.Pointer), nameof(LibCrypto.EVP_PKEY_fromdata_init));
            LibCrypto.Check(LibCrypto.EVP_PKEY_fromdata(context.Pointer, &key, LibCrypto.KeyPair, parameters), nameof(LibCrypto.EVP_PKEY_fromdata));
            return new KeyHandle(key);
        }
    }

    /// <summary>A configuration may leave the curve out.</summary>
    private static bool CanMultiply()
    {
        fixed (byte* name = Name)
        {
            var context = LibCrypto.EVP_PKEY_CTX_new_from_name(0, name, null);
            LibCrypto.ClearErrors();
            if (context == 0)
            {
                return false;
            }

            LibCrypto.EVP_PKEY_CTX_free(context);
            return true;
        }
    }
}
