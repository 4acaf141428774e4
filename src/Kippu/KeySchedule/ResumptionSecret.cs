using System.Security.Cryptography;
using Kippu.Crypto;

namespace Kippu.KeySchedule;

/// <summary>resumption_master_secret (RFC 8446 §7.1), from which each ticket of a connection has its PSK.</summary>
internal sealed class ResumptionSecret : KeyScheduleSecret
{
    internal ResumptionSecret(HashAlgorithmName hash, SecretBytes secret)
        : base(hash, secret)
    {
    }

    /// <summary>RFC 8446 §4.6.1: HKDF-Expand-Label(resumption_master_secret, "resumption", ticket_nonce, Hash.length). The caller disposes it.</summary>
    /// <param name="ticketNonce">"A per-ticket value that is unique across all tickets issued on this connection."</param>
    public SecretBytes DerivePsk(ReadOnlySpan<byte> ticketNonce)
    {
        var psk = DeriveSecret("resumption"u8, ticketNonce);
        ReleaseHmac();
        return psk;
    }
}
