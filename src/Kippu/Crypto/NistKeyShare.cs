using System.Security.Cryptography;
using Kippu.Alerts;

namespace Kippu.Crypto;

/// <summary>ECDH on P-256, P-384 and P-521 with uncompressed points (RFC 8422 §5.4.1).</summary>
internal sealed class NistKeyShare : KeyShare
{
    private const byte Uncompressed = 4;

    private readonly ECDiffieHellman _key;
    private readonly ECCurve _curve;
    private readonly int _fieldLength;
    private readonly byte[] _publicKey;

    public NistKeyShare(NamedGroup group)
        : this(group, ECDiffieHellman.Create(CurveOf(group).Curve))
    {
    }

    /// <param name="group">One of the three.</param>
    /// <param name="key">A key of this group, owned by this object from here on.</param>
    internal NistKeyShare(NamedGroup group, ECDiffieHellman key)
    {
        Group = group;
        (_curve, _fieldLength) = CurveOf(group);
        _key = key;
        _publicKey = Encode(_key.ExportParameters(includePrivateParameters: false).Q, _fieldLength);
    }

    public override NamedGroup Group { get; }

    public override ReadOnlySpan<byte> PublicKey => _publicKey;

    public override SecretBytes DeriveSharedSecret(ReadOnlySpan<byte> peerPublicKey)
    {
        var point = Decode(peerPublicKey);
        try
        {
            // The import checks that the point lies on the curve.
            using var peer = ECDiffieHellman.Create(new ECParameters { Curve = _curve, Q = point });
            using var peerKey = peer.PublicKey;
            return TakeOver(_key.DeriveRawSecretAgreement(peerKey));
        }
        catch (CryptographicException e)
        {
            throw new TlsFaultException(TlsFault.BadKeyShare, $"{Group} public key: not a point of the curve", e);
        }
    }

    public override void Dispose() => _key.Dispose();

    private static (ECCurve Curve, int FieldLength) CurveOf(NamedGroup group) => group switch
    {
        NamedGroup.Secp256r1 => (ECCurve.NamedCurves.nistP256, 32),
        NamedGroup.Secp384r1 => (ECCurve.NamedCurves.nistP384, 48),
        NamedGroup.Secp521r1 => (ECCurve.NamedCurves.nistP521, 66),
        _ => throw new ArgumentOutOfRangeException(nameof(group), group, null),
    };

    private static byte[] Encode(ECPoint point, int fieldLength)
    {
        var encoded = new byte[1 + (2 * fieldLength)];
        encoded[0] = Uncompressed;
        point.X.CopyTo(encoded.AsSpan(1 + fieldLength - point.X!.Length));
        point.Y.CopyTo(encoded.AsSpan(encoded.Length - point.Y!.Length));
        return encoded;
    }

    private ECPoint Decode(ReadOnlySpan<byte> encoded)
    {
        // RFC 8422 §5.4.1: only the uncompressed form is left in TLS. The point at infinity has a length of its own (1) and falls with the others.
        if (encoded.Length != 1 + (2 * _fieldLength) || encoded[0] != Uncompressed)
        {
            throw new TlsFaultException(TlsFault.BadKeyShare, $"{Group} public key: {encoded.Length} bytes that are not an uncompressed point");
        }

        return new ECPoint { X = encoded.Slice(1, _fieldLength).ToArray(), Y = encoded[(1 + _fieldLength)..].ToArray() };
    }

    /// <summary>RFC 8422 §5.10: the secret is the x-coordinate; "leading zeros found in this octet string MUST NOT be truncated".</summary>
    private SecretBytes TakeOver(byte[] platformSecret)
    {
        var secret = new SecretBytes(_fieldLength);
        platformSecret.CopyTo(secret.Span[(_fieldLength - platformSecret.Length)..]);
        CryptographicOperations.ZeroMemory(platformSecret);
        return secret;
    }
}
