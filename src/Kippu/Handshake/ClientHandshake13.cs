using System.Net.Security;
using System.Security.Authentication;
using Kippu.Alerts;
using Kippu.Certificates;
using Kippu.Crypto;
using Kippu.KeySchedule;
using Kippu.Records;
using Kippu.Resumption;
using Kippu.Wire;
using Kippu.Wire.Extensions;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>The client's side of TLS 1.3, from the ServerHello on: the full handshake (RFC 8446 figure 1), resumption by a ticket (figure 3) and 0-RTT (figure 4).</summary>
internal sealed class ClientHandshake13(ClientPolicy policy, ClientOffer offer, HandshakeChannel channel, CipherSuite? retrySuite) : IHandshake
{
    private Expect _expect = Expect.Nothing;
    private CipherSuite _suite = null!;
    private bool _resumes;
    private bool _earlyDataAccepted;
    private NamedGroup _group;
    private byte[]? _applicationProtocol;
    private ushort? _peerRecordLimit;
    private HandshakeTrafficSecret? _clientHandshake;
    private HandshakeTrafficSecret? _serverHandshake;
    private MasterSecret13? _master;
    private ApplicationTrafficSecret? _clientApplication;
    private ApplicationTrafficSecret? _serverApplication;
    private ExporterSecret? _exporter;
    private ClientAuthentication13? _authentication;
    private PeerIdentity13? _server;

    private enum Expect
    {
        Nothing,
        EncryptedExtensions,
        CertificateRequestOrCertificate,
        Certificate,
        CertificateVerify,
        Finished,
    }

    /// <summary>The flight map. A pair that is not on this page is an unexpected_message (RFC 8446 §4).</summary>
    public Action<HandshakeMessage> Handler(HandshakeType type) => (_expect, type) switch
    {
        (Expect.EncryptedExtensions, HandshakeType.EncryptedExtensions) => OnEncryptedExtensions,
        (Expect.CertificateRequestOrCertificate, HandshakeType.CertificateRequest) => OnCertificateRequest,
        (Expect.CertificateRequestOrCertificate or Expect.Certificate, HandshakeType.Certificate) => OnCertificate,
        (Expect.CertificateVerify, HandshakeType.CertificateVerify) => OnCertificateVerify,
        (Expect.Finished, HandshakeType.Finished) => OnFinished,
        _ => throw new TlsFaultException(TlsFault.UnexpectedMessage, $"{type} came where {_expect} was expected"),
    };

    /// <summary>RFC 8446 §5: an unprotected ChangeCipherSpec means nothing, and is dropped, until the server's Finished.</summary>
    public void ReceiveChangeCipherSpec()
    {
    }

    /// <summary>The ServerHello: the key exchange, and whether the ticket was taken.</summary>
    public void OnServerHello(ServerHello hello, HandshakeMessage message)
    {
        channel.InsistOnRecordBoundary();
        var share = Check(hello);
        if (retrySuite is null)
        {
            channel.Transcript.SelectHash(_suite.Hash);
        }

        channel.Transcript.Append(message.Raw.Span);
        if (!_resumes)
        {
            // The server has fallen back to a full handshake: its other tickets are of the same age, and as good as this one.
            if (offer.Session is not null)
            {
                policy.Sessions.RemoveAll(offer.SessionKey);
            }

            offer.Psk?.Dispose();
            offer.Psk = null;
        }

        var early = offer.Psk ?? EarlySecret.WithoutPsk(_suite.Hash);
        offer.Psk = null;
        using (var secret = share.DeriveSharedSecret(hello.KeyShare!.Value.KeyExchange.Span))
        {
            DeriveHandshakeKeys(early, secret);
        }

        channel.ProtectReads(Tls13AeadProtection.From(_serverHandshake!));
        if (!offer.EarlyData)
        {
            PrepareHandshakeKeys();
        }

        _expect = Expect.EncryptedExtensions;
    }

    public void Abandon() => offer.Forget(policy.Sessions);

    public void Dispose()
    {
        _clientHandshake?.Dispose();
        _serverHandshake?.Dispose();
        _master?.Dispose();
        _clientApplication?.Dispose();
        _serverApplication?.Dispose();
        _exporter?.Dispose();
        _server?.Dispose();
        offer.Dispose();
    }

    /// <summary>RFC 8446 §4.1.3 and §4.2.11: what must agree with the hello. Returns the key whose share the server answered.</summary>
    private KeyShare Check(ServerHello hello)
    {
        ExtensionReader.InsistOnOffered(hello.ExtensionBlock, offer.Hello.ExtensionTypes);
        _suite = CipherSuite.Find(hello.CipherSuite) is { Version: TlsVersion.Tls13 } suite && policy.CipherSuites.Contains(suite) && (retrySuite is null || suite == retrySuite)
            ? suite
            : throw Illegal($"cipher_suite: the server chose 0x{hello.CipherSuite:x4}, which was not offered or is not that of its HelloRetryRequest");
        // RFC 8446 §4.1.3: "A client which receives a legacy_session_id_echo field that does not match what it sent in the ClientHello MUST abort the handshake".
        if (!PublicBytes.AreEqual(hello.SessionId.Span, offer.SessionId))
        {
            throw Illegal("legacy_session_id_echo: it is not that of the hello");
        }

        CheckIdentity(hello);
        if (hello.KeyShare is not { } entry)
        {
            // psk_ke was not offered, so there is no handshake without a share (RFC 8446 §4.2.9). §4.2.11, of a server that takes a PSK: "Clients MUST verify ... that a server
            // "key_share" extension is present if required by the ClientHello "psk_key_exchange_modes" extension. If these values are not consistent, the client MUST abort the
            // handshake with an "illegal_parameter" alert."
            throw _resumes ? Illegal("key_share: it is not there, and psk_ke was not offered") : new TlsFaultException(TlsFault.MissingExtension, "key_share: it is not there");
        }

        _group = (NamedGroup)entry.Group;
        return offer.Shares.Find(share => share.Group == _group) ?? throw Illegal($"key_share: no share of group {entry.Group} was sent");
    }

    private void CheckIdentity(ServerHello hello)
    {
        if (hello.SelectedIdentity is not { } selected)
        {
            return;
        }

        // RFC 8446 §4.2.11: "Clients MUST verify that the server's selected_identity is within the range supplied by the client, that the server selected a cipher suite
        // indicating a Hash associated with the PSK ... If these values are not consistent, the client MUST abort the handshake with an "illegal_parameter" alert."
        if (offer.Psk is not { } psk || selected != 0 || psk.Hash != _suite.Hash)
        {
            throw Illegal($"pre_shared_key: identity {selected} was not offered, or its hash is not that of the suite");
        }

        _resumes = true;
    }

    private void DeriveHandshakeKeys(EarlySecret early, SecretBytes secret)
    {
        Span<byte> hash = stackalloc byte[_suite.HashLength];
        channel.Transcript.CurrentHash(hash);
        var handshake = early.ToHandshakeSecret(_suite, secret.Span);
        _clientHandshake = handshake.DeriveClientTraffic(hash);
        _serverHandshake = handshake.DeriveServerTraffic(hash);
        _master = handshake.ToMasterSecret();
        KeyLog13.Handshake(policy.Environment.KeyLog, offer.Random, _clientHandshake, _serverHandshake);
    }

    private void PrepareHandshakeKeys() => channel.PrepareWriteKeys(Tls13AeadProtection.From(_clientHandshake!), isFirst: !offer.CompatibilitySent);

    private void OnEncryptedExtensions(HandshakeMessage message)
    {
        channel.Transcript.Append(message.Raw.Span);
        var extensions = EncryptedExtensions.Parse(message.Body);
        ExtensionReader.InsistOnOffered(extensions.ExtensionBlock, offer.Hello.ExtensionTypes);
        _applicationProtocol = policy.CheckApplicationProtocol(extensions.ApplicationProtocol);
        _peerRecordLimit = extensions.RecordSizeLimit;
        channel.LimitReads(RecordLimit.Own(policy.Environment, _peerRecordLimit));
        DecideEarlyData(extensions);
        _expect = _resumes ? Expect.Finished : Expect.CertificateRequestOrCertificate;
    }

    private void DecideEarlyData(EncryptedExtensions extensions)
    {
        if (!extensions.EarlyData)
        {
            if (offer.EarlyData)
            {
                channel.RejectEarlyData();
                PrepareHandshakeKeys();
            }

            return;
        }

        // RFC 8446 §4.2.10: "the client MUST verify that the server's selected_identity is 0"; suite and application protocol are the session's.
        var session = offer.Session?.State;
        if (!offer.EarlyData || !_resumes || session!.Suite != _suite || !PublicBytes.AreEqual(session.ApplicationProtocol, _applicationProtocol))
        {
            throw Illegal("early_data: it cannot be accepted with this session, suite and application protocol");
        }

        _earlyDataAccepted = true;
    }

    private void OnCertificateRequest(HandshakeMessage message)
    {
        channel.Transcript.Append(message.Raw.Span);
        var request = CertificateRequest13.Parse(message.Body);
        // RFC 8446 §4.3.2: "This field SHALL be zero length unless used for the post-handshake authentication exchanges".
        if (!request.Context.IsEmpty)
        {
            throw Illegal("certificate_request_context: it must be empty in the handshake");
        }

        _authentication = ClientAuthentication13.Choose(request, policy);
        _expect = Expect.Certificate;
    }

    private void OnCertificate(HandshakeMessage message)
    {
        channel.Transcript.Append(message.Raw.Span);
        var certificate = CertificateMessage13.Parse(message.Body);
        // RFC 8446 §4.4.2: "In the case of server authentication, this field SHALL be zero length."
        if (!certificate.Context.IsEmpty)
        {
            throw Illegal("certificate_request_context: it must be empty in the handshake");
        }

        if (certificate.Entries.Count == 0)
        {
            // RFC 8446 §4.4.2.4: "If the server supplies an empty Certificate message, the client MUST abort the handshake with a "decode_error" alert."
            throw new TlsFaultException(TlsFault.MalformedMessage, "Certificate: the server sent no certificate");
        }

        _server = PeerIdentity13.Parse(certificate, offer.Hello.ExtensionTypes, isServer: true);
        channel.Ask(new CertificateQuestion(channel.Owner, policy.ServerVerifier, _server.Chain, offer.Target.Host, policy.Time.GetUtcNow(), OnVerdict)
        {
            OcspResponse = _server.OcspResponse,
            SignedCertificateTimestamps = _server.SignedCertificateTimestamps,
        });
    }

    private void OnVerdict(CertificateVerdict verdict)
    {
        _server!.Accept(verdict);
        _expect = Expect.CertificateVerify;
    }

    private void OnCertificateVerify(HandshakeMessage message)
    {
        Span<byte> hash = stackalloc byte[_suite.HashLength];
        channel.Transcript.CurrentHash(hash);
        _server!.Verify(CertificateVerify.Parse(message.Body), policy.SignatureSchemes, hash);
        channel.Transcript.Append(message.Raw.Span);
        _expect = Expect.Finished;
    }

    private void OnFinished(HandshakeMessage message)
    {
        Finished13.Verify(message, _serverHandshake!, channel.Transcript, "server");
        Span<byte> hash = stackalloc byte[_suite.HashLength];
        channel.Transcript.CurrentHash(hash);
        _clientApplication = _master!.DeriveClientTraffic(hash);
        _serverApplication = _master.DeriveServerTraffic(hash);
        _exporter = _master.DeriveExporter(hash);
        KeyLog13.Application(policy.Environment.KeyLog, offer.Random, _clientApplication, _serverApplication, _exporter);
        channel.ProtectReads(Tls13AeadProtection.From(_serverApplication));
        _expect = Expect.Nothing;
        SendClientFlight();
    }

    /// <summary>RFC 8446 figures 1, 3 and 4 alike, up to the signature, which may have to be asked for.</summary>
    private void SendClientFlight()
    {
        channel.EndEarlyData();
        if (_earlyDataAccepted)
        {
            channel.Send(EndOfEarlyData.Instance);
            PrepareHandshakeKeys();
        }

        channel.ChangeWriteKeys(RecordLimit.From13(_peerRecordLimit));
        if (_authentication is null)
        {
            SendFinished();
            return;
        }

        channel.Send(_authentication.Certificate());
        if (_authentication.Credential is not { } credential)
        {
            SendFinished();
            return;
        }

        Span<byte> hash = stackalloc byte[_suite.HashLength];
        channel.Transcript.CurrentHash(hash);
        credential.SignOrAsk(channel, _authentication.Scheme, CertificateVerify.ContentToSign(byServer: false, hash), SendCertificateVerify);
    }

    private void SendCertificateVerify(ReadOnlyMemory<byte> signature)
    {
        channel.Send(new CertificateVerify { Scheme = (ushort)_authentication!.Scheme, Signature = signature });
        SendFinished();
    }

    private void SendFinished()
    {
        channel.Send(Finished13.Over(_clientHandshake!, channel.Transcript));
        channel.ProtectWrites(Tls13AeadProtection.From(_clientApplication!));
        Span<byte> hash = stackalloc byte[_suite.HashLength];
        channel.Transcript.CurrentHash(hash);
        var tickets = new TicketKeeper13(policy, offer.SessionKey, _master!.ToResumptionSecret(hash), Subject());
        var afterwards = new Established13(Secrets.Take(ref _serverApplication), Secrets.Take(ref _clientApplication), channel, tickets.Keep);
        channel.PeerRecordLimit = RecordLimit.From13(_peerRecordLimit);
        channel.Complete(
            new EstablishedSession(Info(), new Exporter13(Secrets.Take(ref _exporter)), RecordLimit.Own(policy.Environment, _peerRecordLimit))
            {
                UpdateWriteKeys = afterwards.UpdateWriteKeys,
                OnForget = tickets.ForgetAll,
                Keeper = tickets,
            },
            afterwards);
    }

    private SessionSubject13 Subject() => new()
    {
        Suite = _suite,
        ServerName = offer.ServerName,
        ApplicationProtocol = _applicationProtocol ?? [],
        OriginalHandshake = _resumes ? offer.Session!.State.OriginalHandshake : policy.Time.GetUtcNow(),
        PeerCertificate = _server?.Leaf ?? offer.Session?.State.PeerCertificate,
        PeerVerification = _server?.Verification ?? offer.Session?.State.PeerVerification ?? PeerVerification.NotVerified,
    };

    private TlsConnectionInfo Info() => new(SslProtocols.Tls13, _suite.Id)
    {
        Group = _group,
        SignatureScheme = _server?.Scheme,
        ClientSignatureScheme = _authentication is { Credential: not null } ? _authentication.Scheme : null,
        LocalCredential = _authentication?.Credential,
        ApplicationProtocol = _applicationProtocol is { } protocol ? new SslApplicationProtocol(protocol) : default,
        ServerName = offer.ServerName,
        ExtendedMasterSecret = true,
        Resumption = _resumes ? ResumptionKind.Psk : ResumptionKind.None,
        SessionAge = _resumes ? policy.Time.GetUtcNow() - offer.Session!.State.OriginalHandshake : null,
        EarlyDataAccepted = _earlyDataAccepted,
        RetriedHello = retrySuite is not null,
        VerifiedCertificate = _server?.TakeCertificate(),
        PeerCertificateDer = _server?.Leaf ?? offer.Session?.State.PeerCertificate,
    };

    private static TlsFaultException Illegal(string detail) => new(TlsFault.IllegalParameter, detail);
}
