using Kippu.Crypto;
using Kippu.Wire;

namespace Kippu.KeySchedule;

/// <summary>
/// A traffic secret of RFC 8446 §7.1, of one direction, from which the keys of its records follow. This type itself is the secret of early data
/// (client_early_traffic_secret), which has nothing more; those of the handshake and of application data have.
/// </summary>
internal class TrafficSecret : KeyScheduleSecret
{
    internal TrafficSecret(CipherSuite suite, SecretBytes secret)
        : base(suite.Hash, secret) => Suite = suite;

    public CipherSuite Suite { get; }

    /// <summary>
    /// RFC 8446 §7.3: [sender]_write_key = HKDF-Expand-Label(Secret, "key", "", key_length),
    /// [sender]_write_iv = HKDF-Expand-Label(Secret, "iv", "", iv_length).
    /// </summary>
    /// <param name="key">As many bytes as a key of the suite has; the caller clears it.</param>
    /// <param name="iv">12 bytes; the caller clears it.</param>
    public virtual void ExpandKeys(Span<byte> key, Span<byte> iv)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, Suite.KeyLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(iv.Length, Suite.FixedIvLength);
        ExpandLabel("key"u8, default, key);
        ExpandLabel("iv"u8, default, iv);
    }
}
