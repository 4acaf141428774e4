using System.Security.Cryptography;
using Kippu.Crypto;
using Kippu.Wire;

namespace Kippu.KeySchedule;

/// <summary>
/// The first stage of RFC 8446 §7.1 with a PSK: binders, and the key of early data. A client makes one for each PSK that it offers: "There are multiple
/// potential Early Secret values, depending on which PSK the server ultimately selects."
/// </summary>
internal sealed class PskEarlySecret : EarlySecret
{
    private PskEarlySecret(HashAlgorithmName hash, SecretBytes secret)
        : base(hash, secret)
    {
    }

    /// <param name="hash">The PSK's: that of the suite under which its ticket was issued.</param>
    /// <param name="psk">From <see cref="ResumptionSecret.DerivePsk"/>.</param>
    public static PskEarlySecret FromPsk(HashAlgorithmName hash, ReadOnlySpan<byte> psk)
    {
        var secret = new SecretBytes(EmptyHash.Of(hash).Length);
        Hkdf.Extract(hash, psk, salt: default, secret.Span);
        return new PskEarlySecret(hash, secret);
    }

    /// <summary>
    /// RFC 8446 §4.2.11.2: "computed in the same way as the Finished message (Section 4.4.4) but with the BaseKey being the binder_key". The label is that of
    /// PSKs that came as tickets.
    /// </summary>
    /// <param name="truncatedHash">Over the transcript up to and including the identities of this hello: all of it but the binders.</param>
    /// <param name="destination">As long as the hash.</param>
    public void ComputeBinder(ReadOnlySpan<byte> truncatedHash, Span<byte> destination)
    {
        using var binderKey = new BinderKey(Hash, DeriveSecret("res binder"u8, EmptyHash.Of(Hash)));
        binderKey.ComputeBinder(truncatedHash, destination);
    }

    /// <summary>Whether a binder that came is right.</summary>
    public bool IsBinder(ReadOnlySpan<byte> truncatedHash, ReadOnlySpan<byte> binder)
    {
        Span<byte> expected = stackalloc byte[MaxHashLength];
        expected = expected[..HashLength];
        ComputeBinder(truncatedHash, expected);
        return CryptographicOperations.FixedTimeEquals(expected, binder);
    }

    /// <summary>client_early_traffic_secret.</summary>
    /// <param name="suite">The PSK's own suite: early data are protected with it.</param>
    /// <param name="helloHash">Over the ClientHello.</param>
    public TrafficSecret DeriveClientTraffic(CipherSuite suite, ReadOnlySpan<byte> helloHash) => new(suite, DeriveSecret("c e traffic"u8, helloHash));

    /// <summary>early_exporter_master_secret.</summary>
    /// <param name="helloHash">Over the ClientHello.</param>
    public ExporterSecret DeriveExporter(ReadOnlySpan<byte> helloHash) => new(Hash, DeriveSecret("e exp master"u8, helloHash));
}
