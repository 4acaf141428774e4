using System.Security.Cryptography;
using Kippu.Alerts;

namespace Kippu.Crypto;

/// <summary>X25519 (RFC 7748 §5 and §6.1; in TLS, RFC 8422 §5.10 and §5.11).</summary>
internal sealed class X25519KeyShare : KeyShare
{
    private readonly SecretBytes _privateKey;
    private readonly byte[] _publicKey = new byte[X25519.Length];
    private readonly CryptoBackend _backend;

    public X25519KeyShare(CryptoBackend backend)
        : this(RandomScalar(), backend)
    {
    }

    /// <param name="privateKey">32 bytes, owned by this object from here on.</param>
    /// <param name="backend">Who computes.</param>
    internal X25519KeyShare(SecretBytes privateKey, CryptoBackend backend)
    {
        _privateKey = privateKey;
        _backend = backend;
        X25519.ScalarMultBase(_publicKey, _privateKey.Span);
    }

    public override NamedGroup Group => NamedGroup.X25519;

    public override ReadOnlySpan<byte> PublicKey => _publicKey;

    public override SecretBytes DeriveSharedSecret(ReadOnlySpan<byte> peerPublicKey)
    {
        if (peerPublicKey.Length != X25519.Length)
        {
            throw new TlsFaultException(PeerFault.BadKeyShare, $"X25519 public key: {peerPublicKey.Length} bytes instead of {X25519.Length}");
        }

        var secret = new SecretBytes(X25519.Length);
        if (X25519.TryScalarMult(secret.Span, _privateKey.Span, _publicKey, peerPublicKey, _backend))
        {
            return secret;
        }

        secret.Dispose();
        throw new TlsFaultException(PeerFault.BadKeyShare, "X25519 public key: a point of low order");
    }

    public override void Dispose() => _privateKey.Dispose();

    private static SecretBytes RandomScalar()
    {
        var scalar = new SecretBytes(X25519.Length);
        RandomNumberGenerator.Fill(scalar.Span);
        return scalar;
    }
}
