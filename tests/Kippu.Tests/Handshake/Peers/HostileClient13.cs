using System.Security.Cryptography;
using Kippu.Crypto;
using Kippu.KeySchedule;
using Kippu.Records;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Tests.Handshake.Peers;

/// <summary>The client's side of <see cref="HostilePeer13"/>. It believes any certificate and any signature.</summary>
internal sealed class HostileClient13(TlsConnection server) : HostilePeer13(server)
{
    private readonly List<KeyShare> _shares = [];

    public HostileClient13(TlsServer server)
        : this(server.CreateConnection())
    {
    }

    public ushort[] Suites { get; set; } = [(ushort)Aes128.Id, (ushort)Aes256.Id];

    public NamedGroup[] Groups { get; set; } = [NamedGroup.X25519, NamedGroup.Secp256r1, NamedGroup.Secp384r1];

    /// <summary>Of which groups a share is sent.</summary>
    public NamedGroup[] ShareGroups { get; set; } = [NamedGroup.X25519];

    public SignatureScheme[] Schemes { get; set; } = Enum.GetValues<SignatureScheme>();

    public ushort[] Versions { get; set; } = [(ushort)TlsVersion.Tls13];

    public byte[] SessionId { get; set; } = RandomNumberGenerator.GetBytes(32);

    public string? ServerName { get; set; } = TestServers.Name;

    /// <summary>psk_dhe_ke. Null: the extension is not sent.</summary>
    public byte[]? PskModes { get; set; } = [1];

    /// <summary>What is offered, in this order.</summary>
    public IReadOnlyList<PeerSession13> Sessions { get; set; } = [];

    /// <summary>Announces early data, and protects what follows the hello as such.</summary>
    public bool EarlyData { get; set; }

    /// <summary>What is shown when the server asks. Null shows an empty Certificate.</summary>
    public TlsCredential? Credential { get; set; }

    public SignatureScheme Scheme { get; set; } = SignatureScheme.EcdsaSecp256r1Sha256;

    /// <summary>The server has resumed one of <see cref="Sessions"/>.</summary>
    public bool Resumes => HasSaid(HandshakeType.EncryptedExtensions) && Said<ServerHello>().SelectedIdentity is not null;

    public bool EarlyDataAccepted => HasSaid(HandshakeType.EncryptedExtensions) && Said<EncryptedExtensions>().EarlyData;

    /// <summary>The tickets that came, in their order.</summary>
    public IReadOnlyList<NewSessionTicket13> Tickets => [.. Heard.Where(message => message.Type == HandshakeType.NewSessionTicket).Select(message => NewSessionTicket13.Parse(message.Body))];

    public PeerSession13 NewSession => SessionOf(Tickets[0]);

    protected override bool IsClient => true;

    public ClientHello Hello() => new()
    {
        LegacyVersion = (ushort)TlsVersion.Tls12,
        Random = Retry is null ? RandomNumberGenerator.GetBytes(ClientHello.RandomLength) : ClientRandom,
        SessionId = SessionId,
        CipherSuites = UInt16List.Of(Suites),
        ServerName = ServerName,
        SupportedGroups = UInt16List.Of([.. Groups.Select(group => (ushort)group)]),
        SignatureAlgorithms = UInt16List.Of([.. Schemes.Select(scheme => (ushort)scheme)]),
        SupportedVersions = UInt16List.Of(Versions),
        PskKeyExchangeModes = PskModes is { } modes ? modes : default(ReadOnlyMemory<byte>?),
        KeyShares = Shares(Retry?.SelectedGroup is { } asked ? [(NamedGroup)asked] : ShareGroups),
        Cookie = Retry?.Cookie,
        EarlyData = EarlyData && Retry is null,
        PreSharedKeys = Sessions.Count == 0 ? null : Offer(Sessions),
    };

    /// <summary>The first hello or, after a HelloRetryRequest, the second.</summary>
    public override void SendHello() => SendHello(Hello());

    /// <param name="change">Changes extensions.</param>
    public void SendHello(Action<ClientHello> change)
    {
        var hello = Hello();
        change(hello);
        SendHello(hello);
    }

    /// <summary>Sends it with the binders that are right for it.</summary>
    public void SendHello(ClientHello hello) => Hold(() =>
    {
        ClientRandom = hello.Random.ToArray();
        using var buffer = new WireBuffer();
        HandshakeFraming.Write(buffer, hello);
        var raw = buffer.Written.ToArray();
        if (hello.PreSharedKeys is { } offered)
        {
            Bind(raw, offered);
        }

        SendRawMessage(HandshakeType.ClientHello, raw);
        if (hello.EarlyData)
        {
            SendChangeCipherSpec();
            Records.ChangeWriteKeys(EarlyProtection(Sessions[0], Transcript.Messages));
        }
    });

    /// <summary>An offer whose binders are zero until the hello is sent.</summary>
    public static OfferedPsks Offer(IReadOnlyList<PeerSession13> sessions) =>
        OfferedPsks.Of([.. sessions.Select(session => session.Identity)], [.. sessions.Select(session => session.Suite.HashLength)]);

    /// <summary>RFC 8446 §4.5; what follows is protected as the rest of the handshake.</summary>
    public void SendEndOfEarlyData() => Hold(() =>
    {
        Send(EndOfEarlyData.Instance);
        WriteHandshake();
    });

    /// <summary>From here on what is sent is protected by the client's handshake keys.</summary>
    public void WriteHandshake() => Records.ChangeWriteKeys(Tls13AeadProtection.From(ClientHandshake!));

    public void SendCertificate() => SendCertificate(_ => { });

    /// <param name="change">Changes the extensions of the first entry.</param>
    public void SendCertificate(Action<CertificateEntry> change)
    {
        CertificateEntry[] entries = [.. (Credential?.Chain ?? []).Select(der => new CertificateEntry { Certificate = der })];
        entries.Take(1).ToList().ForEach(change);
        Send(new CertificateMessage13 { Entries = entries });
    }

    public CertificateVerify CertificateVerify() =>
        new() { Scheme = (ushort)Scheme, Signature = Credential!.Sign(Scheme, global::Kippu.Wire.Messages.CertificateVerify.ContentToSign(byServer: false, Hash())) };

    public void SendCertificateVerify() => Send(CertificateVerify());

    public override void SendFinished() => SendFinished(Finished());

    public void SendFinished(Finished finished) => Hold(() =>
    {
        Send(finished);
        DeriveResumption();
        WriteApplication();
    });

    /// <summary>The second hello if one is asked for, and the client's flight up to its Finished.</summary>
    public void SendFlight()
    {
        if (HasSaid(HandshakeType.CertificateRequest))
        {
            SendCertificate();
            if (Credential is not null)
            {
                SendCertificateVerify();
            }
        }
    }

    public override void SendAllBeforeChange()
    {
        SendHello();
        if (Retry is not null && Victim.Fault is null)
        {
            SendHello();
        }

        if (Victim.Fault is null)
        {
            if (EarlyDataAccepted)
            {
                SendEndOfEarlyData();
            }

            SendFlight();
        }
    }

    public override HostileClient13 Connect()
    {
        SendAllBeforeChange();
        if (Victim.Fault is null)
        {
            SendFinished();
        }

        return this;
    }

    public override void Dispose()
    {
        _shares.ForEach(share => share.Dispose());
        base.Dispose();
    }

    protected override void OnHearing(HandshakeMessage message)
    {
        if (message.Type == HandshakeType.ServerHello && HelloRetryRequest.IsIn(message.Body))
        {
            OnRetry(HelloRetryRequest.Parse(message.Body));
            Records.ChangeWriteKeys(new ClearProtection());
        }
    }

    protected override void OnHeard(HandshakeMessage message)
    {
        base.OnHeard(message);
        if (message.Type == HandshakeType.ServerHello && !HelloRetryRequest.IsIn(message.Body))
        {
            OnServerHello(ServerHello.Parse(message.Body));
        }
        else if (message.Type == HandshakeType.Finished)
        {
            DeriveApplication();
            ReadApplication();
            if (!EarlyDataAccepted)
            {
                WriteHandshake();
            }
        }
    }

    private void OnServerHello(ServerHello hello)
    {
        ServerRandom = hello.Random.ToArray();
        Agree(hello.CipherSuite);
        var share = hello.KeyShare!.Value;
        using var shared = _shares.Last(own => (ushort)own.Group == share.Group).DeriveSharedSecret(share.KeyExchange.Span);
        DeriveHandshake(hello.SelectedIdentity is { } selected ? Sessions[selected] : null, shared.Span);
        Records.ChangeReadKeys(Tls13AeadProtection.From(ServerHandshake!));
    }

    private KeyShareList Shares(NamedGroup[] groups)
    {
        var own = groups.Select(KeyShare.Generate).ToList();
        _shares.AddRange(own);
        return KeyShareList.Of([.. own.Select(share => new KeyShareEntry((ushort)share.Group, share.PublicKey.ToArray()))]);
    }

    private void Bind(byte[] raw, OfferedPsks offered)
    {
        // A test may have removed sessions from the offer, or offered what it has no secret of.
        for (var i = 0; i < Math.Min(offered.Count, Sessions.Count); i++)
        {
            var session = Sessions[i];
            byte[] covered = [.. Transcript.Messages, .. raw[..^offered.BindersLength]];
            using var early = PskEarlySecret.FromPsk(session.Hash, session.Psk);
            var binder = offered.BinderIn(raw, i);
            if (binder.Length == session.Suite.HashLength)
            {
                early.ComputeBinder(CryptographicOperations.HashData(session.Hash, covered), binder);
            }
        }
    }
}
