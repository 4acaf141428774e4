using System.Security.Cryptography;
using Kippu.Crypto;

namespace Kippu.KeySchedule;

/// <summary>
/// A secret of the key schedule of TLS 1.3 (RFC 8446 §7.1). Every secret has a type, and each type has the methods for what may be derived from it, so that
/// what comes too early does not compile; and the step from one stage to the next disposes the stage that it leaves.
/// <code>
///              0
///              |
///              v                                                   EarlySecret,
///    PSK ->  HKDF-Extract = Early Secret                           or with a PSK: PskEarlySecret
///              |
///              +-----> Derive-Secret(., "res binder", "")            .ComputeBinder
///              |                     = binder_key
///              |
///              +-----> Derive-Secret(., "c e traffic", ClientHello)  .DeriveClientTraffic: TrafficSecret
///              |                     = client_early_traffic_secret
///              |
///              +-----> Derive-Secret(., "e exp master", ClientHello) .DeriveExporter: ExporterSecret
///              |                     = early_exporter_master_secret
///              v
///        Derive-Secret(., "derived", "")                             .ToHandshakeSecret
///              |
///              v
///    (EC)DHE -> HKDF-Extract = Handshake Secret                    HandshakeSecret
///              |
///              +-----> Derive-Secret(., "c hs traffic",              .DeriveClientTraffic: HandshakeTrafficSecret
///              |                     ClientHello...ServerHello)
///              |                     = client_handshake_traffic_secret
///              |
///              +-----> Derive-Secret(., "s hs traffic",              .DeriveServerTraffic: HandshakeTrafficSecret
///              |                     ClientHello...ServerHello)
///              |                     = server_handshake_traffic_secret
///              v
///        Derive-Secret(., "derived", "")                             .ToMasterSecret
///              |
///              v
///    0 -> HKDF-Extract = Master Secret                             MasterSecret13
///              |
///              +-----> Derive-Secret(., "c ap traffic",              .DeriveClientTraffic: ApplicationTrafficSecret
///              |                     ClientHello...server Finished)
///              |                     = client_application_traffic_secret_0
///              |
///              +-----> Derive-Secret(., "s ap traffic",              .DeriveServerTraffic: ApplicationTrafficSecret
///              |                     ClientHello...server Finished)
///              |                     = server_application_traffic_secret_0
///              |
///              +-----> Derive-Secret(., "exp master",                .DeriveExporter: ExporterSecret
///              |                     ClientHello...server Finished)
///              |                     = exporter_master_secret
///              |
///              +-----> Derive-Secret(., "res master",                .ToResumptionSecret: ResumptionSecret
///                                    ClientHello...client Finished)
///                                    = resumption_master_secret
/// </code>
/// </summary>
/// <remarks>
/// Not thread-safe. Cleared on dispose. The stages and the secrets of the handshake, of which several outputs are taken in short order, keep an HMAC object
/// until they are disposed; those that a connection holds for as long as it lives let it go after each use, because it is native memory.
/// </remarks>
internal abstract class KeyScheduleSecret : IDisposable
{
    /// <summary>Of the hashes of TLS 1.3's suites, SHA-384.</summary>
    private protected const int MaxHashLength = 48;

    private readonly SecretBytes _secret;
    private HmacKey? _hmac;

    /// <param name="hash">That of the cipher suite.</param>
    /// <param name="secret">As long as the hash; owned by this object from here on.</param>
    private protected KeyScheduleSecret(HashAlgorithmName hash, SecretBytes secret)
    {
        Hash = hash;
        _secret = secret;
    }

    public HashAlgorithmName Hash { get; }

    public int HashLength => _secret.Length;

    public ReadOnlySpan<byte> Secret => _secret.Span;

    public void Dispose()
    {
        ReleaseHmac();
        _secret.Dispose();
    }

    public override string ToString() => GetType().Name;

    private protected void ExpandLabel(ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> destination) =>
        Hkdf.ExpandLabel(_hmac ??= new HmacKey(Hash, _secret.Span), label, context, destination);

    /// <summary>Lets go of the HMAC object; it is made anew when it is needed.</summary>
    private protected void ReleaseHmac()
    {
        _hmac?.Dispose();
        _hmac = null;
    }

    /// <summary>Derive-Secret(Secret, Label, Messages) = HKDF-Expand-Label(Secret, Label, Transcript-Hash(Messages), Hash.length).</summary>
    private protected SecretBytes DeriveSecret(ReadOnlySpan<byte> label, ReadOnlySpan<byte> transcriptHash)
    {
        var derived = new SecretBytes(HashLength);
        try
        {
            ExpandLabel(label, transcriptHash, derived.Span);
            return derived;
        }
        catch
        {
            derived.Dispose();
            throw;
        }
    }

    /// <summary>The step down the left side of the figure: HKDF-Extract with Derive-Secret(., "derived", "") for salt.</summary>
    private protected SecretBytes ExtractNext(ReadOnlySpan<byte> keyMaterial)
    {
        Span<byte> salt = stackalloc byte[MaxHashLength];
        salt = salt[..HashLength];
        var next = new SecretBytes(HashLength);
        try
        {
            ExpandLabel("derived"u8, EmptyHash.Of(Hash), salt);
            Hkdf.Extract(Hash, keyMaterial, salt, next.Span);
            return next;
        }
        catch
        {
            next.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(salt);
        }
    }

    /// <summary>
    /// The verify_data of Finished and the value of a binder (RFC 8446 §4.4.4) with this secret for BaseKey: HMAC(finished_key, transcript hash), with
    /// finished_key = HKDF-Expand-Label(BaseKey, "finished", "", Hash.length).
    /// </summary>
    private protected void ComputeFinished(ReadOnlySpan<byte> transcriptHash, Span<byte> destination)
    {
        Span<byte> key = stackalloc byte[MaxHashLength];
        key = key[..HashLength];
        try
        {
            ExpandLabel("finished"u8, default, key);
            using var hmac = new HmacKey(Hash, key);
            hmac.Compute(transcriptHash, destination);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
