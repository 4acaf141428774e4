using System.Runtime.InteropServices;

namespace Kippu.Crypto.OpenSsl;

/// <content>Key agreement.</content>
internal static unsafe partial class LibCrypto
{
    /// <summary>OSSL_PARAM_OCTET_STRING.</summary>
    public const uint OctetString = 5;

    /// <summary>EVP_PKEY_KEYPAIR: the private and the public key.</summary>
    public const int KeyPair = 0x87;

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint EVP_PKEY_new();

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EVP_PKEY_copy_parameters(nint destination, nint source);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EVP_PKEY_set1_encoded_public_key(nint key, byte* encoded, nuint length);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EVP_PKEY_get_octet_string_param(nint key, byte* name, byte* destination, nuint length, nuint* written);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint EVP_PKEY_new_raw_public_key_ex(nint library, byte* type, byte* properties, byte* key, nuint length);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint EVP_PKEY_new_raw_private_key_ex(nint library, byte* type, byte* properties, byte* key, nuint length);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EVP_PKEY_get_raw_public_key(nint key, byte* destination, nuint* length);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint EVP_PKEY_CTX_new_from_name(nint library, byte* name, byte* properties);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint EVP_PKEY_CTX_new_from_pkey(nint library, nint key, byte* properties);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial void EVP_PKEY_CTX_free(nint context);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EVP_PKEY_CTX_set_group_name(nint context, byte* name);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EVP_PKEY_paramgen_init(nint context);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EVP_PKEY_keygen_init(nint context);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EVP_PKEY_generate(nint context, nint* key);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EVP_PKEY_fromdata_init(nint context);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EVP_PKEY_fromdata(nint context, nint* key, int selection, Parameter* parameters);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EVP_PKEY_derive_init(nint context);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EVP_PKEY_derive_set_peer_ex(nint context, nint peer, int validate);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EVP_PKEY_derive(nint context, byte* destination, nuint* length);

    /// <summary>OSSL_PARAM. A list ends with one whose key is null.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Parameter
    {
        public byte* Key;
        public uint Type;
        public byte* Data;
        public nuint Length;
        public nuint ReturnLength;
    }
}
