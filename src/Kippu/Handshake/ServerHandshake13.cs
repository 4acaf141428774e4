using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using Kippu.Alerts;
using Kippu.Certificates;
using Kippu.Crypto;
using Kippu.KeySchedule;
using Kippu.Records;
using Kippu.Resumption;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>
/// The server's side of TLS 1.3: the full handshake (RFC 8446 figure 1), HelloRetryRequest (figure 2), resumption by a ticket (figure 3) and 0-RTT (figure 4).
/// </summary>
internal sealed class ServerHandshake13(ServerPolicy policy, HostPolicy host, HandshakeChannel channel) : IHandshake
{
    private const int ReplayKeyLength = 32;
    private const int MaxTickets = 8;

    private readonly byte[] _serverRandom = PublicRandom.GetBytes(ClientHello.RandomLength);
    private Expect _expect = Expect.Nothing;
    private RetriedHello? _retried;
    private Terms13 _terms = null!;
    private CipherSuite _suite = null!;
    private NamedGroup _group;
    private ServerResumption13 _resumption;
    private ServerCredential13? _credential;
    private byte[] _clientShare = [];
    private EarlySecret? _early;
    private TrafficSecret? _earlyTraffic;
    private bool _earlyDataRefused;
    private HandshakeTrafficSecret? _clientHandshake;
    private HandshakeTrafficSecret? _serverHandshake;
    private MasterSecret13? _master;
    private ApplicationTrafficSecret? _clientApplication;
    private ApplicationTrafficSecret? _serverApplication;
    private ExporterSecret? _exporter;
    private PeerIdentity13? _client;

    private enum Expect
    {
        Nothing,
        SecondClientHello,
        EndOfEarlyData,
        Certificate,
        CertificateVerify,
        Finished,
    }

    private bool IsFull => _resumption.State is null;

    private bool AsksForCertificate => IsFull && host.ClientCertificate != ClientCertificateRequirement.None;

    /// <summary>The flight map. A pair that is not on this page is an unexpected_message (RFC 8446 §4).</summary>
    public Action<HandshakeMessage> Handler(HandshakeType type) => (_expect, type) switch
    {
        (Expect.SecondClientHello, HandshakeType.ClientHello) => OnSecondClientHello,
        (Expect.EndOfEarlyData, HandshakeType.EndOfEarlyData) => OnEndOfEarlyData,
        (Expect.Certificate, HandshakeType.Certificate) => OnCertificate,
        (Expect.CertificateVerify, HandshakeType.CertificateVerify) => OnCertificateVerify,
        (Expect.Finished, HandshakeType.Finished) => OnFinished,
        _ => throw new TlsFaultException(TlsFault.UnexpectedMessage, $"{type} came where {_expect} was expected"),
    };

    /// <summary>RFC 8446 §5: an unprotected ChangeCipherSpec means nothing, and is dropped, until the client's Finished.</summary>
    public void ReceiveChangeCipherSpec()
    {
    }

    /// <summary>The first hello.</summary>
    public void OnClientHello(ClientHello hello, HandshakeMessage message)
    {
        ClientHelloRules13.Check(hello);
        _terms = Negotiation13.Accept(hello, host);
        _resumption = ServerResumption13.Find(hello, _terms, policy.CipherSuites, host, policy.Time.GetUtcNow());
        _suite = Negotiation13.ChooseSuite(hello, policy, _resumption.State);
        channel.Transcript.SelectHash(_suite.Hash);
        (_group, var share) = Negotiation13.ChooseGroup(hello, policy);
        if (share is null)
        {
            SendHelloRetryRequest(hello, message);
            return;
        }

        Answer(hello, message, share.Value);
    }

    public void Dispose()
    {
        _resumption.State?.Dispose();
        _early?.Dispose();
        _earlyTraffic?.Dispose();
        _clientHandshake?.Dispose();
        _serverHandshake?.Dispose();
        _master?.Dispose();
        _clientApplication?.Dispose();
        _serverApplication?.Dispose();
        _exporter?.Dispose();
        _client?.Dispose();
    }

    /// <summary>RFC 8446 figure 2. The first hello is replaced in the transcript by its hash (§4.4.1), and its early data is lost (§4.2.10).</summary>
    private void SendHelloRetryRequest(ClientHello hello, HandshakeMessage message)
    {
        var request = new HelloRetryRequest
        {
            SessionId = _terms.SessionId,
            CipherSuite = (ushort)_suite.Id,
            SelectedVersion = (ushort)TlsVersion.Tls13,
            SelectedGroup = (ushort)_group,
        };
        _retried = RetriedHello.Keep(message, request);
        channel.Transcript.Append(message.Raw.Span);
        channel.Transcript.ReplaceByMessageHash();
        channel.Send(request);
        SendCompatibilityChangeCipherSpec();
        channel.SkippedEarlyData = hello.EarlyData ? policy.EarlyData.Skip(_resumption.State) : null;
        _resumption.State?.Dispose();
        _expect = Expect.SecondClientHello;
    }

    private void OnSecondClientHello(HandshakeMessage message)
    {
        channel.SkippedEarlyData = null;
        var hello = ClientHello.Parse(message.Body);
        _retried!.Check(hello);
        ClientHelloRules13.Check(hello);
        _terms = Negotiation13.Accept(hello, host);
        // RFC 8446 §4.1.4: the suite of the HelloRetryRequest stands, so a ticket of another hash is of no use any more.
        _resumption = ServerResumption13.Find(hello, _terms, [_suite], host, policy.Time.GetUtcNow());
        Answer(hello, message, hello.KeyShares!.Value.TryFind((ushort)_group, out var share) ? share.KeyExchange : default);
    }

    private void Answer(ClientHello hello, HandshakeMessage message, ReadOnlyMemory<byte> clientShare)
    {
        channel.InsistOnRecordBoundary();
        _clientShare = clientShare.ToArray();
        _earlyDataRefused = hello.EarlyData;
        if (_resumption.State is { } state)
        {
            var early = PskEarlySecret.FromPsk(_suite.Hash, state.Secret.Span);
            _early = early;
            VerifyBinder(early, hello, message);
            DecideEarlyData(early, hello);
            return;
        }

        _early = EarlySecret.WithoutPsk(_suite.Hash);
        channel.Transcript.Append(message.Raw.Span);
        _credential = ServerCredential13.Choose(hello, policy, host);
        SendServerFlight();
    }

    /// <summary>RFC 8446 §4.2.11: "Prior to accepting PSK key establishment, the server MUST validate the corresponding binder value."</summary>
    private void VerifyBinder(PskEarlySecret early, ClientHello hello, HandshakeMessage message)
    {
        var offered = hello.PreSharedKeys!.Value;
        var hello13 = message.Raw.Span;
        Span<byte> hash = stackalloc byte[_suite.HashLength];
        channel.Transcript.Append(hello13[..^offered.BindersLength]);
        channel.Transcript.CurrentHash(hash);
        if (!early.IsBinder(hash, offered.Binder(_resumption.Index).Span))
        {
            throw new TlsFaultException(TlsFault.BadBinder, "pre_shared_key: the binder does not verify");
        }

        channel.Transcript.Append(hello13[^offered.BindersLength..]);
    }

    /// <summary>The guard has the last word on early data, and it may be slow.</summary>
    private void DecideEarlyData(PskEarlySecret early, ClientHello hello)
    {
        var now = policy.Time.GetUtcNow();
        if (!hello.EarlyData || _retried is not null || !policy.EarlyData.MayAccept(_resumption, _terms, _suite, now))
        {
            SendServerFlight();
            return;
        }

        // The verified binder covers the whole hello but the binders, its random too: two flights with the same binder are the same flight.
        var key = new byte[ReplayKeyLength];
        using (var mac = new HmacKey(HashAlgorithmName.SHA256, _resumption.State!.Secret.Span))
        {
            mac.Compute(hello.PreSharedKeys!.Value.Binder(0).Span, key);
        }

        var expires = policy.EarlyData.ExpiryOf(now);
        if (policy.EarlyData.Guard is MemoryReplayGuard guard)
        {
            OnReplayVerdict(early, guard.TryUse(key, expires));
            return;
        }

        channel.Ask(new ReplayQuestion(channel.Owner, policy.EarlyData.Guard, key, expires, isFirstUse => OnReplayVerdict(early, isFirstUse)));
    }

    private void OnReplayVerdict(PskEarlySecret early, bool isFirstUse)
    {
        if (isFirstUse)
        {
            Span<byte> hash = stackalloc byte[_suite.HashLength];
            channel.Transcript.CurrentHash(hash);
            _earlyTraffic = early.DeriveClientTraffic(_suite, hash);
            _earlyDataRefused = false;
            KeyLog13.Early(policy.Environment.KeyLog, _terms.ClientRandom, _earlyTraffic);
        }

        SendServerFlight();
    }

    /// <summary>RFC 8446 figures 1, 3 and 4 alike, up to the signature, which may have to be asked for; a resumed handshake has none.</summary>
    private void SendServerFlight()
    {
        SendServerHello();
        channel.Send(EncryptedExtensions());
        if (AsksForCertificate)
        {
            channel.Send(CertificateRequest());
        }

        if (_credential is null)
        {
            SendFinished();
            return;
        }

        channel.Send(_credential.Certificate(_terms));
        Span<byte> hash = stackalloc byte[_suite.HashLength];
        channel.Transcript.CurrentHash(hash);
        _credential.Sign(channel, CertificateVerify.ContentToSign(byServer: true, hash), SendCertificateVerify);
    }

    /// <summary>What follows it is protected by the handshake keys.</summary>
    private void SendServerHello()
    {
        var serverShare = KeyShare.Answer(_group, _clientShare, out var secret);
        channel.Send(new ServerHello
        {
            Version = (ushort)TlsVersion.Tls12,
            Random = _serverRandom,
            SessionId = _terms.SessionId,
            CipherSuite = (ushort)_suite.Id,
            SelectedVersion = (ushort)TlsVersion.Tls13,
            KeyShare = new KeyShareEntry((ushort)_group, serverShare),
            SelectedIdentity = IsFull ? null : _resumption.Index,
        });
        if (_retried is null)
        {
            SendCompatibilityChangeCipherSpec();
        }

        using (secret)
        {
            DeriveHandshakeKeys(secret);
        }

        channel.ProtectWrites(Tls13AeadProtection.From(_serverHandshake!), RecordLimit.From13(_terms.PeerRecordLimit));
    }

    private void DeriveHandshakeKeys(SecretBytes secret)
    {
        Span<byte> hash = stackalloc byte[_suite.HashLength];
        channel.Transcript.CurrentHash(hash);
        var handshake = _early!.ToHandshakeSecret(_suite, secret.Span);
        _clientHandshake = handshake.DeriveClientTraffic(hash);
        _serverHandshake = handshake.DeriveServerTraffic(hash);
        _master = handshake.ToMasterSecret();
        KeyLog13.Handshake(policy.Environment.KeyLog, _terms.ClientRandom, _clientHandshake, _serverHandshake);
    }

    private void SendCertificateVerify(ReadOnlyMemory<byte> signature)
    {
        channel.Send(new CertificateVerify { Scheme = (ushort)_credential!.Scheme, Signature = signature });
        SendFinished();
    }

    /// <summary>The end of the server's flight. RFC 8446 §4.4.4: from here on it may write application data, before it has heard of the client again.</summary>
    private void SendFinished()
    {
        channel.Send(Finished13.Over(_serverHandshake!, channel.Transcript));
        Span<byte> hash = stackalloc byte[_suite.HashLength];
        channel.Transcript.CurrentHash(hash);
        _clientApplication = _master!.DeriveClientTraffic(hash);
        _serverApplication = _master.DeriveServerTraffic(hash);
        _exporter = _master.DeriveExporter(hash);
        KeyLog13.Application(policy.Environment.KeyLog, _terms.ClientRandom, _clientApplication, _serverApplication, _exporter);
        channel.ProtectWrites(Tls13AeadProtection.From(_serverApplication));
        channel.PeerRecordLimit = RecordLimit.From13(_terms.PeerRecordLimit);
        if (_earlyTraffic is null)
        {
            ReadHandshake();
            return;
        }

        channel.ProtectReads(Tls13AeadProtection.From(_earlyTraffic));
        channel.EarlyDataLeft = _resumption.State!.MaxEarlyData;
        channel.EarlyInfo = Info(tickets: 0, lifetime: null);
        _expect = Expect.EndOfEarlyData;
    }

    private void ReadHandshake()
    {
        channel.ProtectReads(Tls13AeadProtection.From(_clientHandshake!));
        channel.LimitReads(RecordLimit.Own(policy.Environment, _terms.PeerRecordLimit));
        channel.SkippedEarlyData = _earlyDataRefused && _retried is null ? policy.EarlyData.Skip(_resumption.State) : null;
        _expect = AsksForCertificate ? Expect.Certificate : Expect.Finished;
    }

    private void OnEndOfEarlyData(HandshakeMessage message)
    {
        EndOfEarlyData.Parse(message.Body);
        channel.Transcript.Append(message.Raw.Span);
        channel.EarlyDataLeft = null;
        channel.ProtectReads(Tls13AeadProtection.From(_clientHandshake!));
        channel.LimitReads(RecordLimit.Own(policy.Environment, _terms.PeerRecordLimit));
        _expect = Expect.Finished;
    }

    private void OnCertificate(HandshakeMessage message)
    {
        channel.Transcript.Append(message.Raw.Span);
        var certificate = CertificateMessage13.Parse(message.Body);
        // RFC 8446 §4.4.2: in the handshake itself certificate_request_context "SHALL be zero length".
        if (!certificate.Context.IsEmpty)
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, "certificate_request_context: it is not that of the request");
        }

        if (certificate.Entries.Count == 0)
        {
            // RFC 8446 §4.4.2.4: "the server MAY at its discretion either continue the handshake without client authentication or abort the handshake with a
            // "certificate_required" alert."
            if (host.ClientCertificate == ClientCertificateRequirement.Required)
            {
                throw new TlsFaultException(TlsFault.CertificateRequired, "the client sent no certificate, and this server requires one");
            }

            _expect = Expect.Finished;
            return;
        }

        _client = PeerIdentity13.Parse(certificate, CertificateRequest().ExtensionTypes, isServer: false);
        channel.Ask(new CertificateQuestion(channel.Owner, host.ClientVerifier, _client.Chain, host: null, policy.Time.GetUtcNow(), OnVerdict));
    }

    private void OnVerdict(CertificateVerdict verdict)
    {
        _client!.Accept(verdict);
        _expect = Expect.CertificateVerify;
    }

    private void OnCertificateVerify(HandshakeMessage message)
    {
        Span<byte> hash = stackalloc byte[_suite.HashLength];
        channel.Transcript.CurrentHash(hash);
        _client!.Verify(CertificateVerify.Parse(message.Body), policy.SignatureSchemes, hash);
        channel.Transcript.Append(message.Raw.Span);
        _expect = Expect.Finished;
    }

    private void OnFinished(HandshakeMessage message)
    {
        Finished13.Verify(message, _clientHandshake!, channel.Transcript, "client");
        channel.ProtectReads(Tls13AeadProtection.From(_clientApplication!));
        Span<byte> hash = stackalloc byte[_suite.HashLength];
        channel.Transcript.CurrentHash(hash);
        var tickets = new TicketIssuer13(policy, host.Tickets, _master!.ToResumptionSecret(hash), Subject(), channel);
        var (count, lifetime) = tickets.Issue(TicketCount);
        var afterwards = new Established13(Secrets.Take(ref _clientApplication), Secrets.Take(ref _serverApplication), channel, onTicket: null);
        channel.Complete(
            new EstablishedSession(Info(count, lifetime), new Exporter13(Secrets.Take(ref _exporter)), RecordLimit.Own(policy.Environment, _terms.PeerRecordLimit))
            {
                UpdateWriteKeys = afterwards.UpdateWriteKeys,
                Tickets = tickets,
            },
            afterwards);
    }

    private void SendCompatibilityChangeCipherSpec()
    {
        // RFC 8446 appendix D.4: "the server sends a dummy change_cipher_spec record immediately after its first handshake message", if the client sent a session ID.
        if (_terms.SessionId.Length > 0)
        {
            channel.SendCompatibilityChangeCipherSpec();
        }
    }

    /// <summary>The client's wish (RFC 9149) where it has one, within reason; none for a client that could not use them (RFC 8446 §4.2.9).</summary>
    private int TicketCount => !_terms.CanResume || (_resumption.TicketOffered && IsFull && !host.Tickets.IssueOnRejection) ? 0
        : Math.Min(MaxTickets, IsFull
            ? _terms.TicketRequest?.NewSessionCount ?? policy.TicketsPerFullHandshake
            : _terms.TicketRequest?.ResumptionCount ?? policy.TicketsPerResumption);

    private EncryptedExtensions EncryptedExtensions() => new()
    {
        ServerName = IsFull && _terms.ServerName is not null,
        ApplicationProtocol = _terms.ApplicationProtocol is { } protocol ? protocol : default(ReadOnlyMemory<byte>?),
        RecordSizeLimit = _terms.PeerRecordLimit is not null ? (ushort?)policy.Environment.RecordSizeLimit : null,
        EarlyData = _earlyTraffic is not null,
        ExpectedTickets = _terms.TicketRequest is null ? null : (byte)TicketCount,
    };

    private CertificateRequest13 CertificateRequest() => new()
    {
        // RFC 8446 §4.2.3: those of PKCS#1 speak of signatures in certificates, "if no "signature_algorithms_cert" extension is present".
        SignatureAlgorithms = Preferences.ToList(policy.SignatureSchemes),
        CertificateAuthorities = host.AuthorityNames.Count > 0 ? host.AuthorityNames : null,
    };

    private SessionSubject13 Subject() => new()
    {
        Suite = _suite,
        ServerName = _terms.ServerName,
        ApplicationProtocol = _terms.ApplicationProtocol ?? [],
        OriginalHandshake = _resumption.State?.OriginalHandshake ?? policy.Time.GetUtcNow(),
        PeerCertificate = _client?.Leaf ?? _resumption.State?.PeerCertificate,
        PeerChain = _client?.Others ?? _resumption.State?.PeerChain ?? [],
        PeerVerification = _client?.Verification ?? _resumption.State?.PeerVerification ?? PeerVerification.NotVerified,
    };

    private TlsConnectionInfo Info(int tickets, TimeSpan? lifetime)
    {
        var now = policy.Time.GetUtcNow();
        var resumed = _resumption.State;
        return new TlsConnectionInfo(SslProtocols.Tls13, _suite.Id)
        {
            Group = _group,
            SignatureScheme = _credential?.Scheme,
            ClientSignatureScheme = _client?.Scheme,
            LocalCredential = _credential?.Credential,
            ApplicationProtocol = _terms.ApplicationProtocol is { } protocol ? new SslApplicationProtocol(protocol) : default,
            ServerName = _terms.ServerName,
            ExtendedMasterSecret = true,
            Resumption = IsFull ? ResumptionKind.None : ResumptionKind.Psk,
            TicketRefusal = _resumption.Refusal,
            TicketKey = _resumption.Key,
            TicketAge = resumed is null ? null : now - resumed.Issued,
            SessionAge = resumed is null ? null : now - resumed.OriginalHandshake,
            NewTickets = tickets,
            NewTicketLifetime = lifetime,
            EarlyDataAccepted = _earlyTraffic is not null,
            RetriedHello = _retried is not null,
            VerifiedCertificate = _client?.TakeCertificate(),
            PeerCertificateDer = _client?.Leaf ?? resumed?.PeerCertificate,
        };
    }
}
