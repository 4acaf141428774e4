using System.Security.Cryptography;
using Kippu.Crypto;
using Kippu.Wire;

namespace Kippu.KeySchedule;

/// <summary>
/// The first stage of RFC 8446 §7.1. Without a PSK nothing is derived from it but the next stage; with one it is a <see cref="PskEarlySecret"/>.
/// </summary>
internal class EarlySecret : KeyScheduleSecret
{
    private static readonly byte[] s_sha256 = Extract(HashAlgorithmName.SHA256);
    private static readonly byte[] s_sha384 = Extract(HashAlgorithmName.SHA384);

    private protected EarlySecret(HashAlgorithmName hash, SecretBytes secret)
        : base(hash, secret)
    {
    }

    /// <summary>"if PSK is not in use, Early Secret will still be HKDF-Extract(0, 0)": the same for everybody, so it is computed once.</summary>
    public static EarlySecret WithoutPsk(HashAlgorithmName hash) =>
        new(hash, SecretBytes.CopyOf(hash == HashAlgorithmName.SHA384 ? s_sha384 : s_sha256));

    /// <summary>The key exchange gave its secret. This stage is disposed.</summary>
    /// <param name="suite">The suite of the ServerHello; its hash is this secret's.</param>
    /// <param name="sharedSecret">The (EC)DHE secret (§7.4).</param>
    /// <exception cref="ArgumentException">The suite has another hash.</exception>
    public HandshakeSecret ToHandshakeSecret(CipherSuite suite, ReadOnlySpan<byte> sharedSecret)
    {
        if (suite.Hash != Hash)
        {
            throw new ArgumentException($"{suite} does not have the hash of this early secret, {Hash}", nameof(suite));
        }

        var next = new HandshakeSecret(suite, ExtractNext(sharedSecret));
        Dispose();
        return next;
    }

    private static byte[] Extract(HashAlgorithmName hash)
    {
        // "0" indicates a string of Hash.length bytes set to zero.
        var zero = new byte[EmptyHash.Of(hash).Length];
        var secret = new byte[zero.Length];
        Hkdf.Extract(hash, zero, zero, secret);
        return secret;
    }
}
