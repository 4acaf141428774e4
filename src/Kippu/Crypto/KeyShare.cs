using Kippu.Alerts;
using Kippu.Crypto.OpenSsl;

namespace Kippu.Crypto;

/// <summary>
/// One side's ephemeral key of a key exchange: elliptic-curve Diffie-Hellman (RFC 8422 §5), in which both sides do the same, or a KEM, in which the client
/// generates and the server answers (<see cref="Answer"/>).
/// </summary>
/// <remarks>Used for one handshake by one thread; the private key is cleared on dispose.</remarks>
internal abstract class KeyShare : IDisposable
{
    public abstract NamedGroup Group { get; }

    /// <summary>As it goes on the wire: 32 bytes for X25519, an uncompressed point for the NIST curves; the client's for X25519MLKEM768.</summary>
    public abstract ReadOnlySpan<byte> PublicKey { get; }

    /// <summary>Whether the group is known and this machine can compute it.</summary>
    public static bool IsSupported(NamedGroup group) => group switch
    {
        NamedGroup.X25519 => Sodium.IsAvailable,
        NamedGroup.Secp256r1 or NamedGroup.Secp384r1 or NamedGroup.Secp521r1 => true,
        NamedGroup.X25519MLKem768 => HybridKeyShare.IsSupported,
        _ => false,
    };

    /// <summary>
    /// The server's part in one step: its share, made for the client's, and the secret. The only way for a KEM, whose answer depends on the question; for
    /// the other groups the same as to generate and to derive.
    /// </summary>
    /// <param name="group">The group that was agreed on.</param>
    /// <param name="clientShare">The client's share in it.</param>
    /// <param name="sharedSecret">The secret; the caller disposes it.</param>
    /// <exception cref="NotSupportedException"><see cref="IsSupported"/> is false for the group.</exception>
    /// <exception cref="TlsFaultException"><see cref="TlsFault.BadKeyShare"/>, as in <see cref="DeriveSharedSecret"/>.</exception>
    public static byte[] Answer(NamedGroup group, ReadOnlySpan<byte> clientShare, out SecretBytes sharedSecret)
    {
        if (group == NamedGroup.X25519MLKem768 && IsSupported(group))
        {
            return HybridKeyShare.Encapsulate(clientShare, out sharedSecret);
        }

        using var share = Generate(group);
        sharedSecret = share.DeriveSharedSecret(clientShare);
        return share.PublicKey.ToArray();
    }

    /// <exception cref="NotSupportedException"><see cref="IsSupported"/> is false for the group.</exception>
    public static KeyShare Generate(NamedGroup group) => Generate(group, CryptoBackends.Preferred);

    /// <exception cref="NotSupportedException"><see cref="IsSupported"/> is false for the group.</exception>
    public static KeyShare Generate(NamedGroup group, CryptoBackend backend)
    {
        if (!IsSupported(group))
        {
            throw new NotSupportedException($"the group {group} cannot be computed here");
        }

        return group switch
        {
            NamedGroup.X25519 => new X25519KeyShare(),
            NamedGroup.X25519MLKem768 => new HybridKeyShare(),
            _ when backend == CryptoBackend.LibCrypto && LibCryptoCurve.Find(group) is { } curve => new LibCryptoKeyShare(group, curve),
            _ => new NistKeyShare(group),
        };
    }

    /// <summary>The shared secret with the peer's public key; the caller disposes it.</summary>
    /// <exception cref="TlsFaultException"><see cref="TlsFault.BadKeyShare"/>: wrong length, not a point of the curve, or an all-zero result.</exception>
    public abstract SecretBytes DeriveSharedSecret(ReadOnlySpan<byte> peerPublicKey);

    public abstract void Dispose();
}
