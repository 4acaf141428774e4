using System.Net.Security;
using System.Security.Authentication;
using Kippu.Alerts;
using Kippu.Certificates;
using Kippu.Crypto;
using Kippu.KeySchedule;
using Kippu.Resumption;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>
/// The client's side of TLS 1.2, from the ServerHello on: the full handshake (RFC 5246 figure 1, RFC 5077 figures 1, 3 and 4) and the abbreviated one
/// (RFC 5246 figure 2, RFC 5077 figure 2).
/// </summary>
internal sealed class ClientHandshake12(ClientPolicy policy, ClientOffer offer, HandshakeChannel channel) : IHandshake
{
    private Expect _expect = Expect.Nothing;
    private ServerTerms12 _terms = null!;
    private bool _resumes;
    private MasterSecret12? _master;
    private ConnectionKeys12? _keys;
    private ServerIdentity12? _server;
    private CertificateQuestion? _serverQuestion;
    private KeyShare? _share;
    private byte[] _serverPublicKey = [];
    private SignatureScheme? _serverScheme;
    private ClientAuthentication12? _authentication;
    private NewTicket? _ticket;
    private bool _ticketCame;
    private ClientSession? _kept;

    private enum Expect
    {
        Nothing,
        Certificate,
        CertificateStatusOrServerKeyExchange,
        ServerKeyExchange,
        CertificateRequestOrServerHelloDone,
        ServerHelloDone,
        NewSessionTicket,
        ChangeCipherSpec,
        Finished,
    }

    /// <summary>The flight map. A pair that is not on this page is an unexpected_message (RFC 5246 §7.4).</summary>
    public Action<HandshakeMessage> Handler(HandshakeType type) => (_expect, type) switch
    {
        (Expect.Certificate, HandshakeType.Certificate) => OnCertificate,
        (Expect.CertificateStatusOrServerKeyExchange, HandshakeType.CertificateStatus) => OnCertificateStatus,
        (Expect.CertificateStatusOrServerKeyExchange or Expect.ServerKeyExchange, HandshakeType.ServerKeyExchange) => OnServerKeyExchange,
        (Expect.CertificateRequestOrServerHelloDone, HandshakeType.CertificateRequest) => OnCertificateRequest,
        (Expect.CertificateRequestOrServerHelloDone or Expect.ServerHelloDone, HandshakeType.ServerHelloDone) => OnServerHelloDone,
        (Expect.NewSessionTicket, HandshakeType.NewSessionTicket) => OnNewSessionTicket,
        (Expect.Finished, HandshakeType.Finished) => OnFinished,
        // RFC 5246 §7.4.1.1: "This message will be ignored by the client if the client is currently negotiating a session", and is not in the hashes.
        (not Expect.Nothing and not Expect.Finished, HandshakeType.HelloRequest) => OnHelloRequest,
        _ => throw new TlsFaultException(TlsFault.UnexpectedMessage, $"{type} came where {_expect} was expected"),
    };

    public void ReceiveChangeCipherSpec()
    {
        if (_expect != Expect.ChangeCipherSpec)
        {
            // RFC 5077 §3.3: NewSessionTicket "MUST be sent if the server included a SessionTicket extension in the ServerHello."
            throw new TlsFaultException(TlsFault.UnexpectedMessage, $"ChangeCipherSpec came where {_expect} was expected");
        }

        channel.ChangeReadKeys();
        _expect = Expect.Finished;
    }

    /// <summary>The ServerHello, already in the transcript: it resumes the offered session, or begins a full handshake.</summary>
    public void OnServerHello(ServerHello hello)
    {
        // RFC 5077 §3.4: the server that accepts the ticket "MUST respond with the same Session ID present in the ClientHello. This allows the client to easily
        // differentiate when the server is resuming a session from when it is falling back to a full handshake."
        var echoes = offer.SessionId.Length > 0 && PublicBytes.AreEqual(hello.SessionId.Span, offer.SessionId);
        _resumes = echoes && offer.Session is { State.Version: TlsVersion.Tls12 };
        if (echoes && !_resumes)
        {
            // RFC 5246 §7.4.1.3: the same value says that a session is resumed. The ID was made up for TLS 1.3 (RFC 8446 appendix D.4): there is no such session.
            throw new TlsFaultException(TlsFault.IllegalParameter, "session_id: the server resumes a session that was not offered");
        }

        _terms = ServerTerms12.Accept(hello, offer, policy);
        channel.Transcript.SelectHash(_terms.Suite.Hash);
        if (_resumes)
        {
            Resume(offer.Session!.State);
            return;
        }

        // If a session was offered, the server has fallen back to a full handshake: it is of no more use.
        offer.Forget(policy.Sessions);
        _expect = Expect.Certificate;
    }

    public void Abandon() => offer.Forget(policy.Sessions);

    public void Dispose()
    {
        _share?.Dispose();
        _master?.Dispose();
        _keys?.Dispose();
        _server?.Dispose();
        offer.Dispose();
    }

    /// <summary>RFC 5246 figure 1: the client's flight of a full handshake, up to the signature, which may have to be asked for.</summary>
    private void SendFullFlight()
    {
        // First of all, so that a server whose key is no point hears nothing but the alert.
        using (var preMaster = _share!.DeriveSharedSecret(_serverPublicKey))
        {
            if (_authentication is not null)
            {
                channel.Send(_authentication.Certificate());
            }

            channel.Send(new ClientKeyExchange { PublicKey = _share.PublicKey.ToArray() });
            DeriveKeys(preMaster);
        }

        if (_authentication is not { Credential: { } credential })
        {
            SendFinished();
            return;
        }

        credential.SignOrAsk(channel, _authentication.Scheme, channel.Transcript.Messages.ToArray(), SendCertificateVerify);
    }

    private void SendCertificateVerify(ReadOnlyMemory<byte> signature)
    {
        channel.Send(new CertificateVerify { Scheme = (ushort)_authentication!.Scheme, Signature = signature });
        channel.Transcript.ForgetMessages();
        SendFinished();
    }

    private void SendFinished()
    {
        channel.SendChangeCipherSpec(_keys!.TakeClient());
        channel.Send(ClientFinished());
        ExpectServerEnd();
    }

    /// <summary>The end of an abbreviated handshake: the client has the last word.</summary>
    private void SendClosingFlight()
    {
        channel.SendChangeCipherSpec(_keys!.TakeClient());
        channel.Send(ClientFinished());
    }

    private void Resume(SessionState state)
    {
        _terms.CheckResumes(state);
        _master = MasterSecret12.Resume(_terms.Suite, state.Secret.Span);
        policy.Environment.KeyLog?.Invoke(KeyLogLine.ClientRandom(offer.Random, _master.Secret));
        PrepareKeys();
        ExpectServerEnd();
    }

    private void ExpectServerEnd() => _expect = _terms.PromisesTicket ? Expect.NewSessionTicket : Expect.ChangeCipherSpec;

    private void DeriveKeys(SecretBytes preMaster)
    {
        _master = MasterSecretDerivation12.Derive(_terms.Suite, preMaster, _terms.ExtendedMasterSecret, offer.Random, _terms.ServerRandom, channel.Transcript);
        policy.Environment.KeyLog?.Invoke(KeyLogLine.ClientRandom(offer.Random, _master.Secret));
        PrepareKeys();
    }

    private void PrepareKeys()
    {
        _keys = ConnectionKeys12.Expand(_master!, offer.Random, _terms.ServerRandom);
        channel.PrepareReadKeys(_keys.TakeServer());
    }

    private void OnCertificate(HandshakeMessage message)
    {
        channel.Transcript.Append(message.Raw.Span);
        var chain = CertificateMessage12.Parse(message.Body).Certificates;
        if (chain.Count == 0)
        {
            // RFC 5246 §7.4.2: the server's certificate_list holds at least its own certificate.
            throw new TlsFaultException(TlsFault.MalformedMessage, "Certificate: the server sent no certificate");
        }

        _server = ServerIdentity12.Parse(chain, _terms.Suite, policy.Groups);
        _serverQuestion = new CertificateQuestion(channel.Owner, policy.ServerVerifier, chain, offer.Target.Host, policy.Time.GetUtcNow(), OnVerdict)
        {
            SignedCertificateTimestamps = _terms.SignedCertificateTimestamps,
        };
        if (_terms.MayStaple)
        {
            _expect = Expect.CertificateStatusOrServerKeyExchange;
            return;
        }

        channel.Ask(_serverQuestion);
    }

    private void OnCertificateStatus(HandshakeMessage message)
    {
        channel.Transcript.Append(message.Raw.Span);
        _serverQuestion!.OcspResponse = CertificateStatus.Parse(message.Body).OcspResponse.ToArray();
        channel.Ask(_serverQuestion);
    }

    private void OnVerdict(CertificateVerdict verdict)
    {
        _server!.Accept(verdict);
        _serverQuestion = null;
        if (_share is not null)
        {
            SendFullFlight();
            return;
        }

        _expect = Expect.ServerKeyExchange;
    }

    private void OnServerKeyExchange(HandshakeMessage message)
    {
        channel.Transcript.Append(message.Raw.Span);
        var exchange = ServerKeyExchange.Parse(message.Body);
        _serverScheme = _server!.Verify(exchange, policy, offer.Random, _terms.ServerRandom);
        _share = KeyShare.Generate((NamedGroup)exchange.Group);
        _serverPublicKey = exchange.PublicKey.ToArray();
        _expect = Expect.CertificateRequestOrServerHelloDone;
    }

    private void OnCertificateRequest(HandshakeMessage message)
    {
        channel.Transcript.Append(message.Raw.Span);
        _authentication = ClientAuthentication12.Choose(CertificateRequest12.Parse(message.Body), policy);
        channel.Transcript.KeepMessages = _authentication.Credential is not null;
        _expect = Expect.ServerHelloDone;
    }

    private void OnServerHelloDone(HandshakeMessage message)
    {
        channel.Transcript.Append(message.Raw.Span);
        ServerHelloDone.Parse(message.Body);
        if (_serverQuestion is not null)
        {
            // RFC 6066 §8: "a server MAY also choose not to send a "CertificateStatus" message", even if it has said that it may: the verdict had to wait for it until here.
            _expect = Expect.Nothing;
            channel.Ask(_serverQuestion);
            return;
        }

        SendFullFlight();
    }

    private void OnHelloRequest(HandshakeMessage message)
    {
        HelloRequest.Parse(message.Body);
        channel.CountIdleMessage();
    }

    private void OnNewSessionTicket(HandshakeMessage message)
    {
        channel.Transcript.Append(message.Raw.Span);
        var ticket = NewSessionTicket12.Parse(message.Body);
        // RFC 5077 §3.3: a zero-length ticket means that the server has thought better of it.
        _ticket = ticket.Ticket.Length is 0 or > ClientSession.MaxTicketLength ? null : new NewTicket(ticket.Ticket.ToArray(), ticket.LifetimeHint);
        _ticketCame = !ticket.Ticket.IsEmpty;
        _expect = Expect.ChangeCipherSpec;
    }

    private void OnFinished(HandshakeMessage message)
    {
        Finished12.Verify(message, _master!, client: false, channel.Transcript);
        if (_resumes)
        {
            SendClosingFlight();
        }

        // RFC 5077 §3.3: "The client MUST NOT treat the ticket as valid until it has verified the server's Finished message." Now it has.
        KeepSession();
        channel.PeerRecordLimit = _terms.PeerRecordLimit;
        channel.Complete(Established(), Renegotiation12.RefusedByClient);
    }

    /// <summary>
    /// A new ticket takes the place of the old one. RFC 5077 §3.4: "If the client receives a session ticket from the server, then it discards any Session ID that was
    /// sent in the ServerHello." Sessions without extended master secret are not kept, since they would never be offered (RFC 7627 §5.3).
    /// </summary>
    private void KeepSession()
    {
        var sessionId = _resumes || _ticketCame || !policy.UseSessionIds ? [] : _terms.SessionId;
        if (!_terms.ExtendedMasterSecret || (_ticket is null && sessionId.Length == 0))
        {
            return;
        }

        var now = policy.Time.GetUtcNow();
        if (_resumes)
        {
            policy.Sessions.Remove(offer.SessionKey, offer.Session!);
        }

        var expires = ClientSession.ExpiryOf(now, _ticket?.LifetimeHint ?? 0);
        _kept = new ClientSession(NewState(now), _ticket?.Bytes ?? [], _ticket is null ? sessionId : [], now, expires) { IsServerNameChecked = true };
        policy.Sessions.Add(offer.SessionKey, _kept, now);
    }

    private Finished ClientFinished() => Finished12.Over(_master!, client: true, channel.Transcript);

    private SessionState NewState(DateTimeOffset now) => new()
    {
        Version = TlsVersion.Tls12,
        Suite = _terms.Suite,
        Secret = SecretBytes.CopyOf(_master!.Secret),
        ExtendedMasterSecret = _terms.ExtendedMasterSecret,
        ServerName = offer.ServerName,
        ApplicationProtocol = _terms.ApplicationProtocol ?? [],
        OriginalHandshake = _resumes ? offer.Session!.State.OriginalHandshake : now,
        PeerCertificate = _server?.Leaf ?? offer.Session?.State.PeerCertificate,
        PeerVerification = _server?.Verification ?? offer.Session!.State.PeerVerification,
    };

    private EstablishedSession Established()
    {
        var info = new TlsConnectionInfo(SslProtocols.Tls12, _terms.Suite.Id)
        {
            Group = _share?.Group,
            SignatureScheme = _serverScheme,
            ClientSignatureScheme = _authentication is { Credential: not null } ? _authentication.Scheme : null,
            LocalCredential = _authentication?.Credential,
            ApplicationProtocol = _terms.ApplicationProtocol is { } protocol ? new SslApplicationProtocol(protocol) : default,
            ServerName = offer.ServerName,
            ExtendedMasterSecret = _terms.ExtendedMasterSecret,
            Resumption = !_resumes ? ResumptionKind.None : offer.Session!.Ticket.Length > 0 ? ResumptionKind.Ticket : ResumptionKind.SessionId,
            SessionAge = _resumes ? policy.Time.GetUtcNow() - offer.Session!.State.OriginalHandshake : null,
            NewTickets = _ticket is null ? 0 : 1,
            NewTicketLifetime = _ticket is null ? null : TimeSpan.FromSeconds(_ticket.LifetimeHint),
            VerifiedCertificate = _server?.TakeCertificate(),
            PeerCertificateDer = _server?.Leaf ?? offer.Session?.State.PeerCertificate,
        };
        var exporter = _terms.ExtendedMasterSecret ? new Exporter12(_terms.Suite, _master!.Secret, offer.Random, _terms.ServerRandom) : null;
        return new EstablishedSession(info, exporter, _terms.OwnRecordLimit) { OnForget = ForgetSession() };
    }

    /// <summary>RFC 5246 §7.2.2: what this connection resumed or obtained is not offered again if it ends in a fatal alert.</summary>
    private Action? ForgetSession()
    {
        var (sessions, key, session) = (policy.Sessions, offer.SessionKey, _kept ?? (_resumes ? offer.Session : null));
        return session is null ? null : () => sessions.Remove(key, session);
    }

    private sealed record NewTicket(byte[] Bytes, uint LifetimeHint);
}
