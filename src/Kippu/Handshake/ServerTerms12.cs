using Kippu.Alerts;
using Kippu.Resumption;
using Kippu.Wire;
using Kippu.Wire.Extensions;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>What the server's hello decided, checked against what was offered. Immutable; holds nothing of the hello's memory.</summary>
internal sealed record ServerTerms12
{
    public required CipherSuite Suite { get; init; }

    public required byte[] ServerRandom { get; init; }

    public required byte[] SessionId { get; init; }

    public required byte[]? ApplicationProtocol { get; init; }

    public required bool ExtendedMasterSecret { get; init; }

    /// <summary>The empty SessionTicket extension: a NewSessionTicket will come (RFC 5077 §3.2).</summary>
    public required bool PromisesTicket { get; init; }

    /// <summary>The empty status_request: a CertificateStatus may come (RFC 6066 §8).</summary>
    public required bool MayStaple { get; init; }

    public required byte[]? SignedCertificateTimestamps { get; init; }

    public required int PeerRecordLimit { get; init; }

    public required int OwnRecordLimit { get; init; }

    public static ServerTerms12 Accept(ServerHello hello, ClientOffer offer, ClientPolicy policy)
    {
        CheckSolicited(hello, offer);
        var suite = CipherSuite.Find(hello.CipherSuite);
        if (suite is not { Version: TlsVersion.Tls12 } || !policy.CipherSuites.Contains(suite))
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, $"cipher_suite: the server chose 0x{hello.CipherSuite:x4}, which was not offered");
        }

        // RFC 5746 §3.4: "The client MUST then verify that the length of the "renegotiated_connection" field is zero, and if it is not, MUST abort the handshake (by
        // sending a fatal handshake_failure alert)."
        if (hello.RenegotiationInfo is { IsEmpty: false })
        {
            throw new TlsFaultException(TlsFault.RenegotiationMismatch, "renegotiation_info: must be empty in an initial handshake");
        }

        if (policy.RequireExtendedMasterSecret && !hello.ExtendedMasterSecret)
        {
            throw new TlsFaultException(TlsFault.ExtendedMasterSecretRequired, "the server does not send extended_master_secret, which this client requires");
        }

        return new ServerTerms12
        {
            Suite = suite,
            ServerRandom = hello.Random.ToArray(),
            SessionId = hello.SessionId.ToArray(),
            ApplicationProtocol = policy.CheckApplicationProtocol(hello.ApplicationProtocol),
            ExtendedMasterSecret = hello.ExtendedMasterSecret,
            PromisesTicket = hello.SessionTicket,
            MayStaple = hello.StatusRequest,
            SignedCertificateTimestamps = hello.SignedCertificateTimestamps?.ToArray(),
            PeerRecordLimit = RecordLimit.From(hello.RecordSizeLimit),
            OwnRecordLimit = RecordLimit.Own(policy.Environment, hello.RecordSizeLimit),
        };
    }

    /// <summary>The server resumes the session: its hello must agree with it.</summary>
    public void CheckResumes(SessionState session)
    {
        // RFC 5246 §7.4.1.3: "For resumed sessions, this field is the value from the state of the session being resumed."
        if (Suite != session.Suite)
        {
            throw new TlsFaultException(TlsFault.ResumptionMismatch, $"cipher_suite: the server resumes a session of {session.Suite} with {Suite}");
        }

        // RFC 7627 §5.3: "If the original session used the extension but the new ServerHello does not contain the extension, the client MUST abort the handshake.",
        // and the same the other way round.
        if (ExtendedMasterSecret != session.ExtendedMasterSecret)
        {
            throw new TlsFaultException(TlsFault.ExtendedMasterSecretMismatch, "the server resumes a session, but disagrees about its extended master secret");
        }
    }

    private static void CheckSolicited(ServerHello hello, ClientOffer offer)
    {
        var offered = offer.Hello.ExtensionTypes;
        foreach (var type in hello.ExtensionTypes)
        {
            // RFC 5246 §7.4.1.4: "If a client receives an extension type in ServerHello that it did not request in the associated ClientHello, it MUST abort the
            // handshake with an unsupported_extension fatal alert."
            if (!offered.Contains(type))
            {
                throw new TlsFaultException(TlsFault.UnsolicitedExtension, $"ServerHello: extension {type} was not offered");
            }

            // A hello that offers TLS 1.3 too asks for extensions that have no answer in TLS 1.2.
            ExtensionPlacement.Insist((ExtensionType)type, ExtensionPlaces.ServerHello12);
        }
    }
}
