using Kippu.Alerts;
using static Kippu.Wire.Extensions.ExtensionPlaces;

namespace Kippu.Wire.Extensions;

/// <summary>
/// Which extension may stand in which message: the table of RFC 8446 §4.2, with what IANA's registry ("TLS 1.3" column) adds for later extensions. A
/// ClientHello speaks to servers of every version, so no extension is out of place there.
/// </summary>
internal static class ExtensionPlacement
{
    /// <summary>
    /// Where the extension may stand; everywhere, if it is not known here: an unknown extension is ignored or was not asked for, but never misplaced.
    /// </summary>
    public static ExtensionPlaces PlacesOf(ExtensionType type) => type switch
    {
        ExtensionType.ServerName => ClientHello | EncryptedExtensions | ServerHello12,
        ExtensionType.StatusRequest => ClientHello | CertificateRequest | Certificate | ServerHello12,
        // Some servers send supported_groups when they choose TLS 1.2; RFC 8422 §5.1.1 has no such answer, and nobody minds it.
        ExtensionType.SupportedGroups => ClientHello | EncryptedExtensions | ServerHello12,
        ExtensionType.SignatureAlgorithms => ClientHello | CertificateRequest,
        ExtensionType.ApplicationLayerProtocolNegotiation => ClientHello | EncryptedExtensions | ServerHello12,
        ExtensionType.SignedCertificateTimestamp => ClientHello | CertificateRequest | Certificate | ServerHello12,
        ExtensionType.Padding => ClientHello,
        ExtensionType.RecordSizeLimit => ClientHello | EncryptedExtensions | ServerHello12, // RFC 8449 §4
        ExtensionType.PreSharedKey => ClientHello | ServerHello,
        ExtensionType.EarlyData => ClientHello | EncryptedExtensions | NewSessionTicket,
        ExtensionType.SupportedVersions => ClientHello | ServerHello | HelloRetryRequest,
        ExtensionType.Cookie => ClientHello | HelloRetryRequest,
        ExtensionType.PskKeyExchangeModes => ClientHello,
        ExtensionType.CertificateAuthorities => ClientHello | CertificateRequest,
        ExtensionType.SignatureAlgorithmsCert => ClientHello | CertificateRequest,
        ExtensionType.KeyShare => ClientHello | ServerHello | HelloRetryRequest,
        // RFC 9149 §4 registers it for CH and EE, which is what the first sentence of §3 on servers asks for, though a later one forbids all server messages.
        ExtensionType.TicketRequest => ClientHello | EncryptedExtensions,
        // Of TLS 1.2 only.
        ExtensionType.EcPointFormats or ExtensionType.ExtendedMasterSecret or ExtensionType.SessionTicket or ExtensionType.RenegotiationInfo =>
            ClientHello | ServerHello12,
        _ => ClientHello | ServerHello | HelloRetryRequest | EncryptedExtensions | CertificateRequest | Certificate | NewSessionTicket | ServerHello12,
    };

    public static bool MayStand(ExtensionType type, ExtensionPlaces place) => (PlacesOf(type) & place) != None;

    /// <summary>
    /// RFC 8446 §4.2: "If an implementation receives an extension which it recognizes and which is not specified for the message in which it appears, it MUST
    /// abort the handshake with an "illegal_parameter" alert."
    /// </summary>
    /// <exception cref="TlsFaultException">The extension is out of place.</exception>
    public static void Insist(ExtensionType type, ExtensionPlaces place)
    {
        if (!MayStand(type, place))
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, $"extension {IanaNames.Extension((ushort)type)}: it has no place in {place}");
        }
    }
}
