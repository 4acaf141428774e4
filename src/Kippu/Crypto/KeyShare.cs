using Kippu.Alerts;
using Kippu.Crypto.OpenSsl;

namespace Kippu.Crypto;

/// <summary>One side's ephemeral key of an elliptic-curve Diffie-Hellman exchange (RFC 8422 §5).</summary>
/// <remarks>Used for one handshake by one thread; the private key is cleared on dispose.</remarks>
internal abstract class KeyShare : IDisposable
{
    public abstract NamedGroup Group { get; }

    /// <summary>As it goes on the wire: 32 bytes for X25519, an uncompressed point for the NIST curves.</summary>
    public abstract ReadOnlySpan<byte> PublicKey { get; }

    /// <summary>Whether the group is known and this machine can compute it.</summary>
    public static bool IsSupported(NamedGroup group) => group switch
    {
        NamedGroup.X25519 => Sodium.IsAvailable,
        NamedGroup.Secp256r1 or NamedGroup.Secp384r1 or NamedGroup.Secp521r1 => true,
        _ => false,
    };

    /// <exception cref="NotSupportedException"><see cref="IsSupported"/> is false for the group.</exception>
    public static KeyShare Generate(NamedGroup group) => Generate(group, CryptoBackends.Preferred);

    /// <exception cref="NotSupportedException"><see cref="IsSupported"/> is false for the group.</exception>
    public static KeyShare Generate(NamedGroup group, CryptoBackend backend)
    {
        if (!IsSupported(group))
        {
            throw new NotSupportedException($"the group {group} cannot be computed here");
        }

        if (group == NamedGroup.X25519)
        {
            return new X25519KeyShare();
        }

        return backend == CryptoBackend.LibCrypto && LibCryptoCurve.Find(group) is { } curve ? new LibCryptoKeyShare(group, curve) : new NistKeyShare(group);
    }

    /// <summary>The shared secret with the peer's public key; the caller disposes it.</summary>
    /// <exception cref="TlsFaultException"><see cref="PeerFault.BadKeyShare"/>: wrong length, not a point of the curve, or an all-zero result.</exception>
    public abstract SecretBytes DeriveSharedSecret(ReadOnlySpan<byte> peerPublicKey);

    public abstract void Dispose();
}
