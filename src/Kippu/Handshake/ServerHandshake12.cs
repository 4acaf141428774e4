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
/// The server's side of TLS 1.2: the full handshake (RFC 5246 figure 1, RFC 5077 figures 1, 3 and 4) and the abbreviated one (RFC 5246 figure 2, RFC 5077 figure 2).
/// Its three flights are those figures: <see cref="SendFullFlight"/>, <see cref="SendAbbreviatedFlight"/>, <see cref="SendClosingFlight"/>.
/// </summary>
internal sealed class ServerHandshake12(ServerPolicy policy, HostPolicy host, HandshakeChannel channel) : IHandshake
{
    private readonly byte[] _serverRandom = PublicRandom.GetBytes(ClientHello.RandomLength);
    private Expect _expect = Expect.Nothing;
    private Terms12 _terms = null!;
    private KeyExchange12? _exchange;
    private KeyShare? _share;
    private byte[] _signedParameters = [];
    private ServerResumption12 _resumption;
    private CipherSuite _suite = null!;
    private MasterSecret12? _master;
    private ConnectionKeys12? _keys;
    private ClientIdentity12? _client;
    private byte[] _sessionId = [];
    private byte[]? _ocspResponse;
    private bool _promisesTicket;
    private IssuedTicket12? _ticket;

    private enum Expect
    {
        Nothing,
        Certificate,
        ClientKeyExchange,
        CertificateVerify,
        ChangeCipherSpec,
        Finished,
    }

    /// <summary>The flight map. A pair that is not on this page is an unexpected_message (RFC 5246 §7.4).</summary>
    public Action<HandshakeMessage> Handler(HandshakeType type) => (_expect, type) switch
    {
        (Expect.Certificate, HandshakeType.Certificate) => OnCertificate,
        (Expect.ClientKeyExchange, HandshakeType.ClientKeyExchange) => OnClientKeyExchange,
        (Expect.CertificateVerify, HandshakeType.CertificateVerify) => OnCertificateVerify,
        (Expect.Finished, HandshakeType.Finished) => OnFinished,
        _ => throw new TlsFaultException(TlsFault.UnexpectedMessage, $"{type} came where {_expect} was expected"),
    };

    public void ReceiveChangeCipherSpec()
    {
        if (_expect != Expect.ChangeCipherSpec)
        {
            throw new TlsFaultException(TlsFault.UnexpectedMessage, $"ChangeCipherSpec came where {_expect} was expected");
        }

        channel.ChangeReadKeys();
        _expect = Expect.Finished;
    }

    /// <summary>The hello, already in the transcript: a session to resume, or a full handshake.</summary>
    public void OnClientHello(ClientHello hello)
    {
        if (policy.Versions.Contains(TlsVersion.Tls13))
        {
            // RFC 8446 §4.1.3: "TLS 1.3 servers which negotiate TLS 1.2 ... MUST set the last 8 bytes of their Random value" to the sentinel.
            DowngradeSentinel.Set(_serverRandom);
        }

        _terms = Negotiation12.Accept(hello, policy, host);
        _resumption = ServerResumption12.Find(hello, policy, host, policy.Time.GetUtcNow());
        if (_resumption.State is { } state)
        {
            Resume(state);
            return;
        }

        _exchange = Negotiation12.ChooseKeyExchange(hello, policy, host);
        _suite = _exchange.Suite;
        _ocspResponse = _terms.StatusRequest ? _exchange.Credential.OcspResponse : null;
        channel.Transcript.SelectHash(_suite.Hash);
        _promisesTicket = PromisesTicketInFullHandshake();
        // RFC 5077 §3.4: "If a server is planning on issuing a session ticket to a client that does not present one, it SHOULD include an empty Session ID in the ServerHello."
        _sessionId = !_promisesTicket && MayStoreSessions() && host.SessionIds is { } ids && ids.MayStore(policy.Time.GetUtcNow()) ? PublicRandom.GetBytes(ClientHello.MaxSessionIdLength) : [];
        _share = KeyShare.Generate(_exchange.Group);
        _signedParameters = SignedParameters(_share);
        _exchange.Credential.SignOrAsk(channel, _exchange.Scheme, _signedParameters, SendFullFlight);
    }

    public void Dispose()
    {
        _share?.Dispose();
        _resumption.State?.Dispose();
        _master?.Dispose();
        _keys?.Dispose();
        _ticket?.Dispose();
        _client?.Dispose();
    }

    /// <summary>RFC 5077 figures 1, 3 and 4 alike, up to ServerHelloDone; whether a ticket is promised is the extension in ServerHello.</summary>
    private void SendFullFlight(ReadOnlyMemory<byte> signature)
    {
        channel.Send(ServerHello());
        channel.Send(new CertificateMessage12 { Certificates = _exchange!.Credential.Chain });
        if (_ocspResponse is not null)
        {
            channel.Send(new CertificateStatus { OcspResponse = _ocspResponse });
        }

        channel.Send(ServerKeyExchange(signature));
        if (host.ClientCertificate != ClientCertificateRequirement.None)
        {
            channel.Send(CertificateRequest());
        }

        channel.Send(ServerHelloDone.Instance);
        _expect = host.ClientCertificate == ClientCertificateRequirement.None ? Expect.ClientKeyExchange : Expect.Certificate;
    }

    /// <summary>RFC 5077 figure 2; without a new ticket it is RFC 5246 figure 2.</summary>
    private void SendAbbreviatedFlight()
    {
        channel.Send(ServerHello());
        if (_promisesTicket)
        {
            channel.Send(_ticket!.Message);
        }

        channel.SendChangeCipherSpec(_keys!.TakeServer());
        channel.Send(ServerFinished());
        _expect = Expect.ChangeCipherSpec;
    }

    /// <summary>The end of RFC 5077 figures 1 and 4 (with a ticket) and of figure 3 (without).</summary>
    private void SendClosingFlight()
    {
        if (_promisesTicket)
        {
            channel.Send(_ticket!.Message);
        }

        channel.SendChangeCipherSpec(_keys!.TakeServer());
        channel.Send(ServerFinished());
    }

    private void Resume(SessionState state)
    {
        _suite = state.Suite;
        channel.Transcript.SelectHash(_suite.Hash);
        // RFC 5077 §3.4: "If the server accepts the ticket and the Session ID is not empty, then it MUST respond with the same Session ID present in the ClientHello."
        _sessionId = _terms.SessionId;
        _master = MasterSecret12.Resume(_suite, state.Secret.Span);
        policy.Environment.KeyLog?.Invoke(KeyLogLine.ClientRandom(_terms.ClientRandom, _master.Secret));
        _keys = ConnectionKeys12.Expand(_master, _terms.ClientRandom, _serverRandom);
        channel.PrepareReadKeys(_keys.TakeClient());

        var wantsTicket = _terms.TicketExtension && (_resumption.Renew || _resumption.Kind == ResumptionKind.SessionId);
        _ticket = wantsTicket ? IssuedTicket12.TrySeal(host.Tickets, state, policy.Time.GetUtcNow()) : null;
        _promisesTicket = _ticket is not null;
        SendAbbreviatedFlight();
    }

    private void OnCertificate(HandshakeMessage message)
    {
        channel.Transcript.Append(message.Raw.Span);
        var chain = CertificateMessage12.Parse(message.Body).Certificates;
        if (chain.Count == 0)
        {
            // RFC 5246 §7.4.6: "If the client does not send any certificates, the server MAY at its discretion either continue the handshake without client
            // authentication, or respond with a fatal handshake_failure alert."
            if (host.ClientCertificate == ClientCertificateRequirement.Required)
            {
                throw new TlsFaultException(TlsFault.CertificateMissing, "the client sent no certificate, and this server requires one");
            }

            _expect = Expect.ClientKeyExchange;
            return;
        }

        _client = ClientIdentity12.Parse(chain);
        channel.Ask(new CertificateQuestion(channel.Owner, host.ClientVerifier, chain, host: null, policy.Time.GetUtcNow(), OnVerdict));
    }

    private void OnVerdict(CertificateVerdict verdict)
    {
        _client!.Accept(verdict);
        channel.Transcript.KeepMessages = true;
        _expect = Expect.ClientKeyExchange;
    }

    private void OnClientKeyExchange(HandshakeMessage message)
    {
        channel.Transcript.Append(message.Raw.Span);
        using (var preMaster = _share!.DeriveSharedSecret(ClientKeyExchange.Parse(message.Body).PublicKey.Span))
        {
            _master = MasterSecretDerivation12.Derive(_suite, preMaster, _terms.ExtendedMasterSecret, _terms.ClientRandom, _serverRandom, channel.Transcript);
        }

        _keys = ConnectionKeys12.Expand(_master, _terms.ClientRandom, _serverRandom);
        channel.PrepareReadKeys(_keys.TakeClient());
        policy.Environment.KeyLog?.Invoke(KeyLogLine.ClientRandom(_terms.ClientRandom, _master.Secret));
        _expect = _client is null ? Expect.ChangeCipherSpec : Expect.CertificateVerify;
    }

    private void OnCertificateVerify(HandshakeMessage message)
    {
        var verify = CertificateVerify.Parse(message.Body);
        _client!.Verify(verify, policy.SignatureSchemes, channel.Transcript.Messages);
        channel.Transcript.ForgetMessages();
        channel.Transcript.Append(message.Raw.Span);
        _expect = Expect.ChangeCipherSpec;
    }

    private void OnFinished(HandshakeMessage message)
    {
        Finished12.Verify(message, _master!, client: true, channel.Transcript);
        if (_resumption.State is null)
        {
            // RFC 5077 §3.3: "In the case of a full handshake, the server MUST verify the client's Finished message before sending the ticket."
            KeepSession();
            SendClosingFlight();
        }

        channel.PeerRecordLimit = RecordLimit.From(_terms.PeerRecordLimit);
        channel.Complete(Established(), Renegotiation12.RefusedByServer);
    }

    /// <summary>The new session goes into a ticket if one was promised, else into the cache if a session ID was given.</summary>
    private void KeepSession()
    {
        var now = policy.Time.GetUtcNow();
        if (_promisesTicket)
        {
            using var state = MayStoreSessions() ? NewSession(now) : null;
            // RFC 5077 §3.3: "If the server determines that it does not want to include a ticket after it has included the SessionTicket extension in the
            // ServerHello, then it sends a zero-length ticket in the NewSessionTicket handshake message."
            _ticket = (state is null ? null : IssuedTicket12.TrySeal(host.Tickets, state, now)) ?? IssuedTicket12.None;
        }
        else if (_sessionId.Length > 0 && MayStoreSessions())
        {
            using var state = NewSession(now);
            host.SessionIds!.Store(_sessionId, state, now);
        }
    }

    /// <summary>A session whose client certificate was judged by a callback without an id is never kept: no scope could name its policy.</summary>
    private bool MayStoreSessions() => host.Tickets.Rules.MayKeep(TlsVersion.Tls12, _terms.ExtendedMasterSecret, hasClientCertificate: _client is not null);

    private bool PromisesTicketInFullHandshake() =>
        _terms.TicketExtension
        && (!_resumption.TicketOffered || host.Tickets.IssueOnRejection)
        && host.Tickets.MayIssue(TlsVersion.Tls12, _terms.ExtendedMasterSecret, policy.Time.GetUtcNow());

    private Finished ServerFinished() => Finished12.Over(_master!, client: false, channel.Transcript);

    private SessionState NewSession(DateTimeOffset now) => new()
    {
        Version = TlsVersion.Tls12,
        Suite = _suite,
        Secret = SecretBytes.CopyOf(_master!.Secret),
        ExtendedMasterSecret = _terms.ExtendedMasterSecret,
        ServerName = _terms.ServerName,
        ApplicationProtocol = _terms.ApplicationProtocol ?? [],
        OriginalHandshake = now,
        PeerCertificate = _client?.Leaf,
        PeerChain = _client?.Others ?? [],
        PeerVerification = _client?.Verification ?? PeerVerification.NotVerified,
    };

    private ServerHello ServerHello() => new()
    {
        Version = (ushort)TlsVersion.Tls12,
        Random = _serverRandom,
        SessionId = _sessionId,
        CipherSuite = (ushort)_suite.Id,
        // RFC 6066 §3: "When resuming a session, the server MUST NOT include a server_name extension in the server hello."
        ServerName = _resumption.State is null && _terms.ServerName is not null,
        EcPointFormats = _exchange is not null && _terms.PointFormats ? s_pointFormats : default(ReadOnlyMemory<byte>?),
        ApplicationProtocol = _terms.ApplicationProtocol is { } protocol ? protocol : default(ReadOnlyMemory<byte>?),
        SessionTicket = _promisesTicket,
        StatusRequest = _ocspResponse is not null,
        SignedCertificateTimestamps = _terms.SignedCertificateTimestamps && _exchange?.Credential.SignedCertificateTimestamps is { } timestamps ? timestamps : default(ReadOnlyMemory<byte>?),
        ExtendedMasterSecret = _terms.ExtendedMasterSecret,
        RenegotiationInfo = _terms.SecureRenegotiation ? ReadOnlyMemory<byte>.Empty : default(ReadOnlyMemory<byte>?),
        RecordSizeLimit = _terms.PeerRecordLimit is not null ? (ushort?)policy.Environment.RecordSizeLimit : null,
    };

    private ServerKeyExchange ServerKeyExchange(ReadOnlyMemory<byte> signature) => new()
    {
        Group = (ushort)_share!.Group,
        PublicKey = _share.PublicKey.ToArray(),
        Parameters = _signedParameters.AsMemory(2 * ClientHello.RandomLength),
        Scheme = (ushort)_exchange!.Scheme,
        Signature = signature,
    };

    private CertificateRequest12 CertificateRequest() => new()
    {
        CertificateTypes = s_certificateTypes,
        SignatureAlgorithms = Preferences.ToList(policy.SignatureSchemes),
        CertificateAuthorities = host.AuthorityNames,
    };

    /// <summary>RFC 8422 §5.4: the signature covers both randoms and the parameters.</summary>
    private byte[] SignedParameters(KeyShare share)
    {
        using var buffer = new WireBuffer(256);
        var writer = new TlsWriter(buffer);
        writer.WriteBytes(_terms.ClientRandom);
        writer.WriteBytes(_serverRandom);
        Wire.Messages.ServerKeyExchange.WriteParameters(writer, share.Group, share.PublicKey);
        return buffer.Written.ToArray();
    }

    private EstablishedSession Established()
    {
        var now = policy.Time.GetUtcNow();
        var resumed = _resumption.State;
        var info = new TlsConnectionInfo(SslProtocols.Tls12, _suite.Id)
        {
            Group = _exchange?.Group,
            SignatureScheme = _exchange?.Scheme,
            ClientSignatureScheme = _client?.Scheme,
            LocalCredential = _exchange?.Credential,
            ApplicationProtocol = _terms.ApplicationProtocol is { } protocol ? new SslApplicationProtocol(protocol) : default,
            ServerName = _terms.ServerName,
            ExtendedMasterSecret = _terms.ExtendedMasterSecret,
            Resumption = _resumption.Kind,
            TicketRefusal = _resumption.Refusal,
            TicketKey = _resumption.Key,
            TicketAge = _resumption.Kind == ResumptionKind.Ticket ? now - resumed!.Issued : null,
            SessionAge = resumed is null ? null : now - resumed.OriginalHandshake,
            NewTickets = _ticket is { IsEmpty: false } ? 1 : 0,
            NewTicketLifetime = _ticket is { IsEmpty: false } ticket ? ticket.Lifetime : null,
            VerifiedCertificate = _client?.TakeCertificate(),
            PeerCertificateDer = _client?.Leaf ?? resumed?.PeerCertificate,
        };
        var exporter = _terms.ExtendedMasterSecret ? new Exporter12(_suite, _master!.Secret, _terms.ClientRandom, _serverRandom) : null;
        return new EstablishedSession(info, exporter, RecordLimit.Own(policy.Environment, _terms.PeerRecordLimit)) { OnForget = ForgetSession() };
    }

    private Action? ForgetSession()
    {
        if (host.SessionIds is not { } ids || _sessionId.Length == 0 || _resumption.Kind == ResumptionKind.Ticket)
        {
            return null;
        }

        var sessionId = _sessionId;
        return () => ids.Remove(sessionId, TlsVersion.Tls12);
    }

    private static readonly byte[] s_pointFormats = [0];
    private static readonly byte[] s_certificateTypes = [64, 1];   // ecdsa_sign, rsa_sign
}
