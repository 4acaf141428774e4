using System.Security.Cryptography;
using Kippu.Crypto;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Tests.Handshake.Peers;

/// <summary>The server's side of <see cref="HostilePeer"/>. It believes any client.</summary>
internal sealed class HostileServer : HostilePeer12
{
    private KeyShare? _share;

    /// <param name="client">The client under test, whose ClientHello is heard at once.</param>
    /// <param name="target">Whom it connects to.</param>
    public HostileServer(TlsClient client, TlsTarget? target = null)
        : base(client.CreateConnection(target ?? new TlsTarget(TestServers.Name)))
    {
        Listen();
    }

    public ClientHello ClientHello => Said<ClientHello>();

    public TlsCredential Credential { get; set; } = TestPki.EcdsaP256.Credential;

    public ushort ChosenSuite { get; set; } = (ushort)System.Net.Security.TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;

    public NamedGroup Group { get; set; } = NamedGroup.X25519;

    public SignatureScheme Scheme { get; set; } = SignatureScheme.EcdsaSecp256r1Sha256;

    /// <summary>The session_id of the ServerHello.</summary>
    public byte[] SessionId { get; set; } = [];

    public bool PromisesTicket { get; set; }

    public bool ExtendedMasterSecret { get; set; } = true;

    /// <summary>A session that the client offers, for the test to resume or not.</summary>
    public PeerSession? Held { get; init; }

    /// <summary>The session that is resumed; its session_id is the client's unless <see cref="SessionId"/> is set.</summary>
    public PeerSession? Session { get; set; }

    /// <summary>The session of this handshake, to be resumed in another.</summary>
    public PeerSession NewSession => new()
    {
        Suite = Suite!,
        MasterSecret = Master!.Secret.ToArray(),
        ExtendedMasterSecret = ExtendedMasterSecret,
        SessionId = SessionId,
    };

    protected override bool IsClient => false;

    public ServerHello Hello() => new()
    {
        Version = (ushort)TlsVersion.Tls12,
        Random = RandomNumberGenerator.GetBytes(ClientHello.RandomLength),
        SessionId = Session is not null && SessionId.Length == 0 ? ClientHello.SessionId.ToArray() : SessionId,
        CipherSuite = Session is { } session ? (ushort)session.Suite.Id : ChosenSuite,
        SessionTicket = PromisesTicket,
        ExtendedMasterSecret = ExtendedMasterSecret,
        RenegotiationInfo = ReadOnlyMemory<byte>.Empty,
    };

    public override void SendHello() => SendHello(Hello());

    /// <param name="change">Changes extensions.</param>
    public void SendHello(Action<ServerHello> change)
    {
        var hello = Hello();
        change(hello);
        SendHello(hello);
    }

    public void SendHello(ServerHello hello) => Hold(() =>
    {
        ServerRandom = hello.Random.ToArray();
        Send(hello);
        Agree(CipherSuite.Find(hello.CipherSuite) is null ? ChosenSuite : hello.CipherSuite);
        if (Session is { } session)
        {
            Resume(session.MasterSecret);
        }
    });

    public void SendCertificate() => Send(new CertificateMessage12 { Certificates = Credential.Chain });

    public ServerKeyExchange KeyExchange(KeyShare share) => KeyExchange((ushort)share.Group, share.PublicKey);

    /// <summary>Any public key in any group, signed as it should be.</summary>
    public ServerKeyExchange KeyExchange(ushort group, ReadOnlySpan<byte> publicKey)
    {
        using var buffer = new WireBuffer();
        ServerKeyExchange.WriteParameters(new TlsWriter(buffer), (NamedGroup)group, publicKey);
        var parameters = buffer.Written.ToArray();
        return new ServerKeyExchange
        {
            Group = group,
            PublicKey = publicKey.ToArray(),
            Parameters = parameters,
            Scheme = (ushort)Scheme,
            Signature = Credential.Sign(Scheme, [.. ClientRandom, .. ServerRandom, .. parameters]),
        };
    }

    public void SendKeyExchange()
    {
        _share = KeyShare.Generate(Group);
        Send(KeyExchange(_share));
    }

    public void SendCertificateRequest() => Send(new CertificateRequest12
    {
        CertificateTypes = new byte[] { CertificateRequest12.EcdsaSign, CertificateRequest12.RsaSign },
        SignatureAlgorithms = UInt16List.Of([.. Enum.GetValues<SignatureScheme>().Select(scheme => (ushort)scheme)]),
        CertificateAuthorities = [],
    });

    public void SendHelloDone() => Send(ServerHelloDone.Instance);

    public void SendTicket(byte[] ticket, uint lifetimeHint = 3600) => Send(new NewSessionTicket12 { LifetimeHint = lifetimeHint, Ticket = ticket });

    /// <summary>From ServerHello to ServerHelloDone.</summary>
    public void SendFullFlight(bool asksForCertificate = false)
    {
        SendHello();
        SendCertificate();
        SendKeyExchange();
        if (asksForCertificate)
        {
            SendCertificateRequest();
        }

        SendHelloDone();
    }

    public override void SendAllBeforeChange() => SendFullFlight();

    /// <summary>NewSessionTicket if one was promised, ChangeCipherSpec, Finished.</summary>
    public void SendClosingFlight(byte[]? ticket = null)
    {
        if (PromisesTicket)
        {
            SendTicket(ticket ?? RandomNumberGenerator.GetBytes(100));
        }

        SendChangeCipherSpec();
        SendFinished();
    }

    public override HostileServer Connect() => Connect(null);

    /// <summary>Abbreviated if there is a <see cref="Session"/>, else full.</summary>
    public HostileServer Connect(byte[]? ticket)
    {
        if (Session is not null)
        {
            SendHello();
        }
        else
        {
            SendFullFlight();
        }

        if (Victim.Fault is null)
        {
            SendClosingFlight(ticket);
        }

        return this;
    }

    public override void Dispose()
    {
        _share?.Dispose();
        base.Dispose();
    }

    protected override void OnHeard(HandshakeMessage message)
    {
        if (message.Type == HandshakeType.ClientHello)
        {
            ClientRandom = ClientHello.Random.ToArray();
        }
        else if (message.Type == HandshakeType.ClientKeyExchange && _share is not null)
        {
            using var preMaster = _share.DeriveSharedSecret(ClientKeyExchange.Parse(message.Body).PublicKey.Span);
            Derive(preMaster.Span, ExtendedMasterSecret);
        }
    }
}
