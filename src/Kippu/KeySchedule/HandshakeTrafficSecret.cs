using System.Security.Cryptography;
using Kippu.Crypto;
using Kippu.Wire;

namespace Kippu.KeySchedule;

/// <summary>
/// client_handshake_traffic_secret or server_handshake_traffic_secret (RFC 8446 §7.1): the keys of the flights, and the Finished of the side that it belongs to.
/// </summary>
internal sealed class HandshakeTrafficSecret : TrafficSecret
{
    internal HandshakeTrafficSecret(CipherSuite suite, SecretBytes secret)
        : base(suite, secret)
    {
    }

    /// <summary>RFC 8446 §4.4.4: verify_data = HMAC(finished_key, Transcript-Hash(Handshake Context, Certificate*, CertificateVerify*)).</summary>
    /// <param name="transcriptHash">Over all messages before this Finished.</param>
    /// <param name="destination">As long as the hash.</param>
    public void ComputeVerifyData(ReadOnlySpan<byte> transcriptHash, Span<byte> destination) => ComputeFinished(transcriptHash, destination);

    /// <summary>Whether the verify_data that came is right.</summary>
    public bool IsVerifyData(ReadOnlySpan<byte> transcriptHash, ReadOnlySpan<byte> verifyData)
    {
        Span<byte> expected = stackalloc byte[MaxHashLength];
        expected = expected[..HashLength];
        ComputeVerifyData(transcriptHash, expected);
        return CryptographicOperations.FixedTimeEquals(expected, verifyData);
    }
}
