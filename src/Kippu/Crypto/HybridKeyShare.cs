using System.Security.Cryptography;
using Kippu.Alerts;

namespace Kippu.Crypto;

/// <summary>
/// X25519MLKEM768 (draft-ietf-tls-ecdhe-mlkem §4), the client's side: both exchanges side by side, ML-KEM-768 (FIPS 203) first in shares and secret, so that
/// the secret holds as long as one of the two does.
/// </summary>
internal sealed class HybridKeyShare : KeyShare
{
    private static readonly MLKemAlgorithm s_algorithm = MLKemAlgorithm.MLKem768;

    private readonly MLKem _kem = MLKem.GenerateKey(s_algorithm);
    private readonly X25519KeyShare _x25519 = new();
    private readonly byte[] _publicKey;

    /// <summary>client_share = ML-KEM encapsulation key (1184 bytes) + X25519 public key (32 bytes).</summary>
    public HybridKeyShare()
    {
        _publicKey = new byte[s_algorithm.EncapsulationKeySizeInBytes + Sodium.PointLength];
        _kem.ExportEncapsulationKey(_publicKey.AsSpan(0, s_algorithm.EncapsulationKeySizeInBytes));
        _x25519.PublicKey.CopyTo(_publicKey.AsSpan(s_algorithm.EncapsulationKeySizeInBytes));
    }

    public static new bool IsSupported => MLKem.IsSupported && Sodium.IsAvailable;

    public override NamedGroup Group => NamedGroup.X25519MLKem768;

    public override ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <summary>The server's side: server_share = ML-KEM ciphertext (1088 bytes) + X25519 public key (32 bytes).</summary>
    public static byte[] Encapsulate(ReadOnlySpan<byte> clientShare, out SecretBytes sharedSecret)
    {
        var keyLength = s_algorithm.EncapsulationKeySizeInBytes;
        InsistOnLength(clientShare, keyLength);
        var ciphertextLength = s_algorithm.CiphertextSizeInBytes;
        var share = new byte[ciphertextLength + Sodium.PointLength];
        using var x25519 = new X25519KeyShare();
        x25519.PublicKey.CopyTo(share.AsSpan(ciphertextLength));
        using var classical = x25519.DeriveSharedSecret(clientShare[keyLength..]);
        var secret = new SecretBytes(s_algorithm.SharedSecretSizeInBytes + classical.Length);
        try
        {
            using var kem = MLKem.ImportEncapsulationKey(s_algorithm, clientShare[..keyLength]);
            kem.Encapsulate(share.AsSpan(0, ciphertextLength), secret.Span[..s_algorithm.SharedSecretSizeInBytes]);
        }
        catch (CryptographicException e)
        {
            // FIPS 203 §7.2: the encapsulation key is checked (its coefficients are below q) before it is used.
            secret.Dispose();
            throw new TlsFaultException(TlsFault.BadKeyShare, "X25519MLKEM768 share: not an encapsulation key", e);
        }

        classical.Span.CopyTo(secret.Span[s_algorithm.SharedSecretSizeInBytes..]);
        sharedSecret = secret;
        return share;
    }

    public override SecretBytes DeriveSharedSecret(ReadOnlySpan<byte> peerPublicKey)
    {
        var ciphertextLength = s_algorithm.CiphertextSizeInBytes;
        InsistOnLength(peerPublicKey, ciphertextLength);
        using var classical = _x25519.DeriveSharedSecret(peerPublicKey[ciphertextLength..]);
        var secret = new SecretBytes(s_algorithm.SharedSecretSizeInBytes + classical.Length);

        // FIPS 203 §6.3: a ciphertext that is not one gives another secret, not an error; the handshake fails at the Finished then.
        _kem.Decapsulate(peerPublicKey[..ciphertextLength], secret.Span[..s_algorithm.SharedSecretSizeInBytes]);
        classical.Span.CopyTo(secret.Span[s_algorithm.SharedSecretSizeInBytes..]);
        return secret;
    }

    public override void Dispose()
    {
        _kem.Dispose();
        _x25519.Dispose();
    }

    private static void InsistOnLength(ReadOnlySpan<byte> share, int kemLength)
    {
        if (share.Length != kemLength + Sodium.PointLength)
        {
            throw new TlsFaultException(TlsFault.BadKeyShare, $"X25519MLKEM768 share: {share.Length} bytes instead of {kemLength + Sodium.PointLength}");
        }
    }
}
