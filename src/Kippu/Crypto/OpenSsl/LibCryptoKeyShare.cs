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
            throw new TlsFaultException(PeerFault.BadKeyShare, $"{Group} public key: {peerPublicKey.Length} bytes that are not an uncompressed point");
        }

        using var peer = _curve.Import(peerPublicKey) ?? throw new TlsFaultException(PeerFault.BadKeyShare, $"{Group} public key: not a point of the curve");
        var secret = new SecretBytes(_curve.FieldLength);
        fixed (byte* destination = secret.Span)
        {
            // RFC 8422 §5.10: the secret is the x-coordinate; "leading zeros found in this octet string MUST NOT be truncated". They are not.
            if (LibCryptoAgreement.TryDerive(_key, peer, destination, _curve.FieldLength))
            {
                return secret;
            }
        }

        secret.Dispose();
        throw new TlsFaultException(PeerFault.BadKeyShare, $"{Group} public key: no secret can be agreed on with it");
    }

    public override void Dispose() => _key.Dispose();
}
