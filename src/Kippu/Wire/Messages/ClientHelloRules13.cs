using Kippu.Alerts;

namespace Kippu.Wire.Messages;

/// <summary>
/// What a server of TLS 1.3 insists on in a ClientHello that offers it, whatever it negotiates then. A hello to a server of TLS 1.2 need not keep to it, so
/// the parser does not look.
/// </summary>
internal static class ClientHelloRules13
{
    /// <summary>Nobody offers more shares than this; looking no further bounds the work that a hello can make.</summary>
    private const int MostSharesCompared = 16;

    /// <exception cref="TlsFaultException">The hello breaks a rule.</exception>
    public static void Check(ClientHello hello)
    {
        // RFC 8446 §4.1.2: "this vector MUST contain exactly one byte, set to zero". "If a TLS 1.3 ClientHello is received with any other value in this field,
        // the server MUST abort the handshake with an "illegal_parameter" alert."
        if (hello.CompressionMethods.Length != 1)
        {
            throw new TlsFaultException(
                TlsFault.IllegalParameter, $"legacy_compression_methods: {hello.CompressionMethods.Length} methods, where TLS 1.3 has null only");
        }

        CheckMandatoryExtensions(hello);
        if (hello is { KeyShares: { } shares, SupportedGroups: { } groups })
        {
            CheckKeyShares(shares, groups);
        }
    }

    /// <summary>RFC 8446 §9.2. Its alert is "missing_extension" throughout.</summary>
    private static void CheckMandatoryExtensions(ClientHello hello)
    {
        // RFC 8446 §4.2.9: "If clients offer "pre_shared_key" without a "psk_key_exchange_modes" extension, servers MUST abort the handshake."
        if (hello.PreSharedKeys is not null && hello.PskKeyExchangeModes is null)
        {
            throw Missing("psk_key_exchange_modes: it is not there, but pre_shared_key is");
        }

        // "If not containing a "pre_shared_key" extension, it MUST contain both a "signature_algorithms" extension and a "supported_groups" extension."
        if (hello.PreSharedKeys is null && hello.SignatureAlgorithms is null)
        {
            throw Missing("signature_algorithms: it is not there, and no pre_shared_key either");
        }

        // "If containing a "supported_groups" extension, it MUST also contain a "key_share" extension, and vice versa."
        if (hello.KeyShares is null != hello.SupportedGroups is null || (hello.SupportedGroups is null && hello.PreSharedKeys is null))
        {
            throw Missing(hello.KeyShares is null ? "key_share: it is not there" : "supported_groups: it is not there, but key_share is");
        }
    }

    /// <summary>RFC 8446 §4.2.8: "Servers MAY check for violations of these rules and abort the handshake with an "illegal_parameter" alert".</summary>
    private static void CheckKeyShares(KeyShareList shares, UInt16List groups)
    {
        var compared = 0;
        foreach (var share in shares)
        {
            if (compared++ == MostSharesCompared)
            {
                return;
            }

            // "Clients MUST NOT offer any KeyShareEntry values for groups not listed in the client's "supported_groups" extension."
            if (!groups.Contains(share.Group))
            {
                throw new TlsFaultException(TlsFault.IllegalParameter, $"client_shares: {IanaNames.Group(share.Group)} is not in supported_groups");
            }

            // "Clients MUST NOT offer multiple KeyShareEntry values for the same group."
            if (shares.TryFind(share.Group, out var first) && !first.KeyExchange.Equals(share.KeyExchange))
            {
                throw new TlsFaultException(TlsFault.IllegalParameter, $"client_shares: two shares of {IanaNames.Group(share.Group)}");
            }
        }
    }

    private static TlsFaultException Missing(string detail) => new(TlsFault.MissingExtension, detail);
}
