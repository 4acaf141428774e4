using System.Security.Cryptography;
using Kippu.Alerts;

namespace Kippu.Crypto;

/// <summary>X25519 (RFC 7748 §5 and §6.1; in TLS, RFC 8422 §5.10 and §5.11).</summary>
internal sealed class X25519KeyShare : KeyShare
{
    private readonly SecretBytes _privateKey;
    private readonly byte[] _publicKey = new byte[Sodium.PointLength];

    public X25519KeyShare()
        : this(RandomScalar())
    {
    }

    /// <param name="privateKey">32 bytes, owned by this object from here on.</param>
    internal X25519KeyShare(SecretBytes privateKey)
    {
        _privateKey = privateKey;
        Sodium.ScalarMultBase(_publicKey, _privateKey.Span);
    }

    public override NamedGroup Group => NamedGroup.X25519;

    public override ReadOnlySpan<byte> PublicKey => _publicKey;

    public override SecretBytes DeriveSharedSecret(ReadOnlySpan<byte> peerPublicKey)
    {
        if (peerPublicKey.Length != Sodium.PointLength)
        {
            throw new TlsFaultException(TlsFault.BadKeyShare, $"X25519 public key: {peerPublicKey.Length} bytes instead of {Sodium.PointLength}");
        }

        // RFC 8422 §5.11: "With X25519 and X448, a receiving party MUST check whether the computed premaster secret is the all-zero value and abort the
        // handshake if so". libsodium looks (in constant time) and answers -1; the second look does not depend on that.
        var secret = new SecretBytes(Sodium.PointLength);
        if (Sodium.TryScalarMult(secret.Span, _privateKey.Span, peerPublicKey) && !IsAllZero(secret.Span))
        {
            return secret;
        }

        secret.Dispose();
        throw new TlsFaultException(TlsFault.BadKeyShare, "X25519 public key: a point of low order");
    }

    public override void Dispose() => _privateKey.Dispose();

    private static SecretBytes RandomScalar()
    {
        var scalar = new SecretBytes(Sodium.ScalarLength);
        RandomNumberGenerator.Fill(scalar.Span);
        return scalar;
    }

    private static bool IsAllZero(ReadOnlySpan<byte> value)
    {
        Span<byte> zero = stackalloc byte[Sodium.PointLength];
        zero.Clear();
        return CryptographicOperations.FixedTimeEquals(value, zero);
    }
}
