using System.Net.Security;
using System.Security.Cryptography;
using Kippu.Crypto;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Tests.Handshake.Peers;

/// <summary>The client's side of <see cref="HostilePeer"/>. It believes any certificate and any signature.</summary>
internal sealed class HostileClient(TlsConnection server) : HostilePeer12(server)
{
    private KeyShare? _share;

    public HostileClient(TlsServer server)
        : this(server.CreateConnection())
    {
    }

    public ushort[] Suites { get; set; } = [.. CipherSuite.All.ToArray().Select(suite => (ushort)suite.Id)];

    public ushort[]? Groups { get; set; } = [(ushort)NamedGroup.X25519, (ushort)NamedGroup.Secp256r1, (ushort)NamedGroup.Secp384r1, (ushort)NamedGroup.Secp521r1];

    public ushort[]? Schemes { get; set; } = [.. Enum.GetValues<SignatureScheme>().Select(scheme => (ushort)scheme)];

    /// <summary>Null: no such extension, as of a client that knows TLS 1.2 at most.</summary>
    public ushort[]? Versions { get; set; }

    public string? ServerName { get; set; } = TestServers.Name;

    public bool ExtendedMasterSecret { get; set; } = true;

    /// <summary>The session that is offered. Null offers none, and asks for a ticket unless <see cref="AsksForTicket"/> is false.</summary>
    public PeerSession? Session { get; set; }

    public bool AsksForTicket { get; set; } = true;

    /// <summary>What is shown when the server asks. Null shows an empty Certificate.</summary>
    public TlsCredential? Credential { get; set; }

    public SignatureScheme Scheme { get; set; } = SignatureScheme.EcdsaSecp256r1Sha256;

    /// <summary>The server has resumed <see cref="Session"/>.</summary>
    public bool Resumes { get; private set; }

    /// <summary>The session of this handshake, to be offered in another.</summary>
    public PeerSession NewSession => new()
    {
        Suite = Suite!,
        MasterSecret = Master!.Secret.ToArray(),
        ExtendedMasterSecret = ExtendedMasterSecret,
        Ticket = HasSaid(HandshakeType.NewSessionTicket) ? Said<NewSessionTicket12>().Ticket.ToArray() : null,
        SessionId = HasSaid(HandshakeType.NewSessionTicket) ? RandomNumberGenerator.GetBytes(32) : Said<ServerHello>().SessionId.ToArray(),
    };

    protected override bool IsClient => true;

    private byte[]? TicketToSend => Session is { } session ? session.Ticket : AsksForTicket ? [] : null;

    public ClientHello Hello() => new()
    {
        LegacyVersion = (ushort)TlsVersion.Tls12,
        Random = RandomNumberGenerator.GetBytes(ClientHello.RandomLength),
        SessionId = Session?.SessionId ?? [],
        CipherSuites = UInt16List.Of(Suites),
        ServerName = ServerName,
        SupportedGroups = Groups is null ? null : UInt16List.Of(Groups),
        EcPointFormats = new byte[] { 0 },
        SignatureAlgorithms = Schemes is null ? null : UInt16List.Of(Schemes),
        SessionTicket = TicketToSend is { } ticket ? ticket : default(ReadOnlyMemory<byte>?),
        ExtendedMasterSecret = ExtendedMasterSecret,
        RenegotiationInfo = ReadOnlyMemory<byte>.Empty,
        SupportedVersions = Versions is null ? null : UInt16List.Of(Versions),
    };

    public override void SendHello() => SendHello(Hello());

    /// <param name="change">Changes extensions.</param>
    public void SendHello(Action<ClientHello> change)
    {
        var hello = Hello();
        change(hello);
        SendHello(hello);
    }

    public void SendHello(ClientHello hello)
    {
        ClientRandom = hello.Random.ToArray();
        Send(hello);
    }

    public void SendCertificate() => Send(new CertificateMessage12 { Certificates = Credential?.Chain ?? [] });

    public void SendKeyExchange()
    {
        var exchange = Said<ServerKeyExchange>();
        _share = KeyShare.Generate((NamedGroup)exchange.Group);
        // The secret must be there before the victim answers, and the session hash covers this message.
        SendAndDerive(new ClientKeyExchange { PublicKey = _share.PublicKey.ToArray() }, exchange.PublicKey);
    }

    public CertificateVerify CertificateVerify() => new() { Scheme = (ushort)Scheme, Signature = Credential!.Sign(Scheme, Transcript.Messages) };

    public void SendCertificateVerify() => Send(CertificateVerify());

    /// <summary>All that stands between ServerHelloDone and the client's ChangeCipherSpec.</summary>
    public void SendKeyFlight()
    {
        var isAsked = HasSaid(HandshakeType.CertificateRequest);
        if (isAsked)
        {
            SendCertificate();
        }

        SendKeyExchange();
        if (isAsked && Credential is not null)
        {
            SendCertificateVerify();
        }
    }

    public override void SendAllBeforeChange()
    {
        SendHello();
        SendKeyFlight();
    }

    /// <summary>Full or abbreviated, as the server will have it.</summary>
    public override HostileClient Connect()
    {
        SendHello();
        if (Victim.Fault is null && !Resumes)
        {
            SendKeyFlight();
        }

        if (Victim.Fault is null)
        {
            SendChangeCipherSpec();
            SendFinished();
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
        if (message.Type != HandshakeType.ServerHello)
        {
            return;
        }

        var hello = ServerHello.Parse(message.Body);
        ServerRandom = hello.Random.ToArray();
        Agree(hello.CipherSuite);
        Resumes = Session is { SessionId.Length: > 0 } session && PublicBytes.AreEqual(session.SessionId, hello.SessionId.Span);
        if (Resumes)
        {
            Resume(Session!.MasterSecret);
        }
    }

    /// <summary>RFC 5077 §3.4: a client that sends no session ID learns from the message after the ServerHello that its ticket was taken.</summary>
    protected override void OnUnforeseenKeys()
    {
        Resumes = true;
        Resume(Session!.MasterSecret);
    }

    private void SendAndDerive(ClientKeyExchange message, ReadOnlyMemory<byte> serverPublicKey) => Hold(() =>
    {
        Send(message);
        using var preMaster = _share!.DeriveSharedSecret(serverPublicKey.Span);
        Derive(preMaster.Span, ExtendedMasterSecret);
    });
}
