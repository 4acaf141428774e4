using Kippu.Alerts;

namespace Kippu.Crypto.OpenSsl;

/// <summary>ECDH on P-256, P-384 and P-521 with uncompressed points (RFC 8422 §5.4.1).</summary>
internal sealed unsafe class LibCryptoKeyShare : KeyShare
{
    private const byte Uncompressed = 4;

    private readonly LibCryptoCurve _curve;
    private readonly byte[] _publicKey;
    private readonly KeyHandle _key;

    public LibCryptoKeyShare(NamedGroup group, LibCryptoCurve curve)
    {
        Group = group;
        _curve = curve;
        _publicKey = new byte[curve.PointLength];
        _key = curve.Generate(_publicKey);
    }

    public override NamedGroup Group { get; }

    public override ReadOnlySpan<byte> PublicKey => _publicKey;

    public override SecretBytes DeriveSharedSecret(ReadOnlySpan<byte> peerPublicKey)
    {
        // RFC 8422 §5.4.1: only the uncompressed form is left in TLS. The point at infinity has a length of its own (1) and falls with the others.
        if (peerPublicKey.Length != _curve.PointLength || peerPublicKey[0] != Uncompressed)
        {
            throw new TlsFaultException(TlsFault.BadKeyShare, $"{Group} public key: {peerPublicKey.Length} bytes that are not an uncompressed point");
        }

        using var peer = _curve.Import(peerPublicKey) ?? throw new TlsFaultException(TlsFault.BadKeyShare, $"{Group} public key: not a point of the curve");
        var secret = new SecretBytes(_curve.FieldLength);
        fixed (byte* destination = secret.Span)
        {
            // RFC 8422 §5.10: the secret is the x-coordinate; "leading zeros found in this octet string MUST NOT be truncated". They are not.
            if (TryDerive(peer, destination))
            {
                return secret;
            }
        }

        secret.Dispose();
        throw new TlsFaultException(TlsFault.BadKeyShare, $"{Group} public key: no secret can be agreed on with it");
    }

    public override void Dispose() => _key.Dispose();

    /// <summary>
    /// The import of the peer's point has checked that it lies on the curve. These curves have no points of small order beside the one at infinity, so multiplying
    /// by the order ("validate"), which would double the price, would find nothing more.
    /// </summary>
    private bool TryDerive(KeyHandle peer, byte* destination)
    {
        using var key = _key.Use();
        using var peerKey = peer.Use();
        using var handle = new KeyContextHandle(LibCrypto.EVP_PKEY_CTX_new_from_pkey(0, key.Pointer, null));
        using var context = handle.Use();
        LibCrypto.Check(LibCrypto.EVP_PKEY_derive_init(context.Pointer), nameof(LibCrypto.EVP_PKEY_derive_init));
        LibCrypto.Check(LibCrypto.EVP_PKEY_derive_set_peer_ex(context.Pointer, peerKey.Pointer, 0), nameof(LibCrypto.EVP_PKEY_derive_set_peer_ex));
        var written = (nuint)_curve.FieldLength;
        if (LibCrypto.EVP_PKEY_derive(context.Pointer, destination, &written) == 1 && written == (nuint)_curve.FieldLength)
        {
            return true;
        }

        LibCrypto.ClearErrors();
        return false;
    }
}
