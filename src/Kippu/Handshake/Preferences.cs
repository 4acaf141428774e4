using System.Net.Security;
using System.Security.Authentication;
using Kippu.Crypto;
using Kippu.Wire;

namespace Kippu.Handshake;

/// <summary>Default orders of preference, and the check of those that an application gives.</summary>
internal static class Preferences
{
    private const int MaxProtocolBytes = 16 * 1024;

    private static readonly NamedGroup[] s_groups = [NamedGroup.X25519MLKem768, NamedGroup.X25519, NamedGroup.Secp256r1, NamedGroup.Secp384r1, NamedGroup.Secp521r1];

    private static readonly SignatureScheme[] s_schemes =
    [
        SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.EcdsaSecp384r1Sha384, SignatureScheme.EcdsaSecp521r1Sha512,
        SignatureScheme.RsaPssRsaeSha256, SignatureScheme.RsaPssRsaeSha384, SignatureScheme.RsaPssRsaeSha512,
        SignatureScheme.RsaPkcs1Sha256, SignatureScheme.RsaPkcs1Sha384, SignatureScheme.RsaPkcs1Sha512,
    ];

    private static readonly AeadAlgorithm[] s_aesFirst = [AeadAlgorithm.Aes128Gcm, AeadAlgorithm.Aes256Gcm, AeadAlgorithm.ChaCha20Poly1305];
    private static readonly AeadAlgorithm[] s_chaChaFirst = [AeadAlgorithm.ChaCha20Poly1305, AeadAlgorithm.Aes128Gcm, AeadAlgorithm.Aes256Gcm];

    /// <summary>Without AES instructions ChaCha20 comes first: it is faster there and runs in constant time.</summary>
    public static IReadOnlyList<CipherSuite> CipherSuites(IList<TlsCipherSuite> chosen)
    {
        var suites = new List<CipherSuite>();
        if (chosen.Count == 0)
        {
            foreach (var aead in HardwareAes.IsAvailable ? s_aesFirst : s_chaChaFirst)
            {
                foreach (var suite in CipherSuite.All)
                {
                    if (suite.Aead == aead && Aead.IsSupported(aead))
                    {
                        suites.Add(suite);
                    }
                }
            }

            return suites;
        }

        foreach (var id in chosen)
        {
            var suite = CipherSuite.Find((ushort)id);
            if (suite is null)
            {
                var known = CipherSuite.All.ToArray().Select(s => s.Id);
                throw new ArgumentException($"CipherSuites: {id} is not implemented; there are {string.Join(", ", known)}");
            }

            Add(suites, suite, "CipherSuites");
        }

        return suites;
    }

    public static IReadOnlyList<NamedGroup> Groups(IList<NamedGroup> chosen)
    {
        var groups = new List<NamedGroup>();
        if (chosen.Count == 0)
        {
            groups.AddRange(s_groups.Where(KeyShare.IsSupported));
            return groups;
        }

        foreach (var group in chosen)
        {
            if (!KeyShare.IsSupported(group))
            {
                throw new ArgumentException($"Groups: {group} is not available on this machine");
            }

            Add(groups, group, "Groups");
        }

        return groups;
    }

    public static SignatureScheme[] SignatureSchemes(IList<SignatureScheme> chosen)
    {
        if (chosen.Count == 0)
        {
            return s_schemes;
        }

        var schemes = new List<SignatureScheme>();
        foreach (var scheme in chosen)
        {
            if (!s_schemes.Contains(scheme))
            {
                throw new ArgumentException($"SignatureSchemes: {scheme} is not implemented");
            }

            Add(schemes, scheme, "SignatureSchemes");
        }

        return [.. schemes];
    }

    /// <summary>The highest first; a version that no suite is enabled for is not spoken.</summary>
    public static IReadOnlyList<TlsVersion> Versions(SslProtocols chosen, IReadOnlyList<CipherSuite> suites)
    {
        var known = chosen == SslProtocols.None ? SslProtocols.Tls12 | SslProtocols.Tls13 : chosen;
        if ((known & ~(SslProtocols.Tls12 | SslProtocols.Tls13)) != 0)
        {
            throw new ArgumentException($"Protocols: {chosen} holds a version that is not implemented; there are Tls12 and Tls13");
        }

        var versions = new List<TlsVersion>();
        if (known.HasFlag(SslProtocols.Tls13) && suites.Any(suite => suite.Version == TlsVersion.Tls13))
        {
            versions.Add(TlsVersion.Tls13);
        }

        if (known.HasFlag(SslProtocols.Tls12) && suites.Any(suite => suite.Version == TlsVersion.Tls12))
        {
            versions.Add(TlsVersion.Tls12);
        }

        return versions.Count > 0 ? versions : throw new ArgumentException($"CipherSuites: none of them is for {chosen}");
    }

    public static int? RecordSizeLimit(int? limit) => limit is null or (>= 64 and <= 16384)
        ? limit
        : throw new ArgumentException($"RecordSizeLimit: {limit} is not within 64..16384 (RFC 8449 §4)");

    /// <summary>The longest that the platform's timers can wait: 49 days.</summary>
    public static TimeSpan HandshakeTimeout(TimeSpan limit) => limit == Timeout.InfiniteTimeSpan || (limit > TimeSpan.Zero && limit.TotalMilliseconds < uint.MaxValue)
        ? limit
        : throw new ArgumentException($"HandshakeTimeout: {limit} is neither positive (and less than 49 days) nor Timeout.InfiniteTimeSpan, which turns it off");

    /// <summary>RFC 7301 §3.1: a name has 1 to 255 bytes; "Empty strings MUST NOT be included".</summary>
    public static IReadOnlyList<SslApplicationProtocol> ApplicationProtocols(IList<SslApplicationProtocol> chosen, string option)
    {
        var length = 0;
        foreach (var protocol in chosen)
        {
            if (protocol.Protocol.Length is < 1 or > byte.MaxValue)
            {
                throw new ArgumentException($"{option}: a name has {protocol.Protocol.Length} bytes, where 1 to 255 are allowed (RFC 7301 §3.1)");
            }

            length += 1 + protocol.Protocol.Length;
        }

        // RFC 8446 §4: all extensions of a hello share 65,535 bytes.
        return length <= MaxProtocolBytes
            ? [.. chosen]
            : throw new ArgumentException($"{option}: the names take {length} bytes together, where {MaxProtocolBytes} are allowed, so that they fit a hello");
    }

    public static UInt16List ToList(IEnumerable<SignatureScheme> schemes) => UInt16List.Of([.. schemes.Select(scheme => (ushort)scheme)]);

    private static void Add<T>(List<T> list, T value, string option)
    {
        if (list.Contains(value))
        {
            throw new ArgumentException($"{option}: {value} stands twice");
        }

        list.Add(value);
    }
}
