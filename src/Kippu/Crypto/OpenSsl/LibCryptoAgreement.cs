namespace Kippu.Crypto.OpenSsl;

/// <summary>The last step of an elliptic-curve Diffie-Hellman exchange.</summary>
internal static unsafe class LibCryptoAgreement
{
    /// <summary>False if the result is not allowed (all zero).</summary>
    /// <param name="own">The private key.</param>
    /// <param name="peer">
    /// The peer's public key, imported: that a point lies on its curve was checked by that. The curves that we speak have no points of small order beside the
    /// one at infinity (X25519 shows them by its result), so multiplying by the order, which would double the price, would find nothing more.
    /// </param>
    /// <param name="destination">The secret.</param>
    /// <param name="length">Its length.</param>
    public static bool TryDerive(KeyHandle own, KeyHandle peer, byte* destination, int length)
    {
        using var key = own.Use();
        using var peerKey = peer.Use();
        using var handle = new KeyContextHandle(LibCrypto.EVP_PKEY_CTX_new_from_pkey(0, key.Pointer, null));
        using var context = handle.Use();
        LibCrypto.Check(LibCrypto.EVP_PKEY_derive_init(context.Pointer), nameof(LibCrypto.EVP_PKEY_derive_init));
        LibCrypto.Check(LibCrypto.EVP_PKEY_derive_set_peer_ex(context.Pointer, peerKey.Pointer, 0), nameof(LibCrypto.EVP_PKEY_derive_set_peer_ex));
        var written = (nuint)length;
        if (LibCrypto.EVP_PKEY_derive(context.Pointer, destination, &written) == 1 && written == (nuint)length)
        {
            return true;
        }

        LibCrypto.ClearErrors();
        return false;
    }
}
