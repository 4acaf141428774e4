using Kippu.Crypto;
using Kippu.KeySchedule;
using Kippu.Wire;

namespace Kippu.Handshake;

/// <summary>From the key exchange of a full handshake to the master secret, once ClientKeyExchange is in the transcript.</summary>
internal static class MasterSecretDerivation12
{
    public static MasterSecret12 Derive(CipherSuite suite, SecretBytes preMaster, bool extended, ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> serverRandom, Transcript transcript)
    {
        if (!extended)
        {
            return MasterSecret12.Derive(suite, preMaster.Span, clientRandom, serverRandom);
        }

        // RFC 7627 §3: the session hash covers all messages up to and including ClientKeyExchange.
        Span<byte> sessionHash = stackalloc byte[suite.HashLength];
        transcript.CurrentHash(sessionHash);
        return MasterSecret12.DeriveExtended(suite, preMaster.Span, sessionHash);
    }
}
