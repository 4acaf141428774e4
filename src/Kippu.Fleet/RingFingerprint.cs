using System.Security.Cryptography;

namespace Kippu.Fleet;

/// <summary>Tells whether two nodes have the same ring, without showing it.</summary>
public static class RingFingerprint
{
    /// <summary>
    /// SHA-256 of the ring as <see cref="TicketKeyRing.Save"/> writes it, its secrets among it: 64 hexadecimal digits, the same whether and by which key the ring is
    /// sealed at rest. The secrets are random and do not follow from it.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The ring was disposed.</exception>
    public static string Of(TicketKeyRing ring)
    {
        ArgumentNullException.ThrowIfNull(ring);
        using var text = SecretBuffer.Of(ring);
        return Convert.ToHexStringLower(SHA256.HashData(text.Written));
    }
}
