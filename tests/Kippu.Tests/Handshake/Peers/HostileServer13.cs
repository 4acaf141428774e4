using System.Security.Cryptography;
using Kippu.Crypto;
using Kippu.Records;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Tests.Handshake.Peers;

/// <summary>The server's side of <see cref="HostilePeer13"/>. It believes any client.</summary>
internal sealed class HostileServer13 : HostilePeer13
{
    internal enum Signer
    {
        Server,
        Client,
        Bare,
    }

    /// <param name="client">The client under test, whose ClientHello is heard at once.</param>
    /// <param name="held">A session of the client's: offered early data is read by it.</param>
    /// <param name="target">Whom it connects to.</param>
    public HostileServer13(TlsClient client, PeerSession13? held = null, TlsTarget? target = null)
        : base(client.CreateConnection(target ?? new TlsTarget(TestServers.Name)))
    {
        Held = held;
        Listen();
    }

    /// <summary>The client's last hello.</summary>
    public ClientHello ClientHello => Said<ClientHello>();

    public TlsCredential Credential { get; set; } = TestPki.EcdsaP256.Credential;

    public CipherSuite ChosenSuite { get; set; } = Aes128;

    public NamedGroup Group { get; set; } = NamedGroup.X25519;

    public SignatureScheme Scheme { get; set; } = SignatureScheme.EcdsaSecp256r1Sha256;

    /// <summary>A session that the client offers, for the test to resume or not.</summary>
    public PeerSession13? Held { get; }

    /// <summary>The session that is resumed.</summary>
    public PeerSession13? Session { get; set; }

    public bool AcceptsEarlyData { get; set; }

    /// <summary>What is put around the hash in CertificateVerify.</summary>
    public Signer SignsAs { get; set; } = Signer.Server;

    protected override bool IsClient => false;

    public HelloRetryRequest RetryRequest() => new()
    {
        SessionId = ClientHello.SessionId,
        CipherSuite = (ushort)ChosenSuite.Id,
        SelectedVersion = (ushort)TlsVersion.Tls13,
        SelectedGroup = (ushort)NamedGroup.Secp384r1,
    };

    public void SendRetry() => SendRetry(_ => { });

    /// <param name="change">Changes extensions.</param>
    public void SendRetry(Action<HelloRetryRequest> change)
    {
        var request = RetryRequest();
        change(request);
        SendRetry(request);
    }

    public void SendRetry(HelloRetryRequest request)
    {
        if (Retry is null)
        {
            Suite = null;
            OnRetry(CipherSuite.Find(request.CipherSuite) is { } suite && suite.Version == TlsVersion.Tls13 ? request : RetryRequest());
            Records.ChangeReadKeys(new ClearProtection());
        }

        Send(request);
    }

    public ServerHello Hello() => Hello(RandomNumberGenerator.GetBytes(ClientHello.RandomLength));

    public ServerHello Hello(byte[] random) => new()
    {
        Version = (ushort)TlsVersion.Tls12,
        Random = random,
        SessionId = ClientHello.SessionId,
        CipherSuite = (ushort)ChosenSuite.Id,
        SelectedVersion = (ushort)TlsVersion.Tls13,
        SelectedIdentity = Session is null ? null : (ushort)0,
    };

    public override void SendHello() => SendHello(_ => { });

    /// <param name="change">Changes extensions; the share is there already.</param>
    public void SendHello(Action<ServerHello> change)
    {
        var hello = Hello();
        SendHello(hello, change);
    }

    /// <summary>With the share that goes with the client's; the keys of the handshake are in force afterwards.</summary>
    public void SendHello(ServerHello hello, Action<ServerHello>? change = null) => Hold(() =>
    {
        ServerRandom = hello.Random.ToArray();
        var secret = Share(out var share);
        using (secret)
        {
            hello.KeyShare = share;
            change?.Invoke(hello);
            Send(hello);
            Agree((ushort)ChosenSuite.Id);
            DeriveHandshake(Session, secret.Span);
        }

        Records.ChangeWriteKeys(Tls13AeadProtection.From(ServerHandshake!));
        if (!AcceptsEarlyData)
        {
            Records.ChangeReadKeys(Tls13AeadProtection.From(ClientHandshake!));
        }
    });

    public void SendEncryptedExtensions() => SendEncryptedExtensions(_ => { });

    public void SendEncryptedExtensions(Action<EncryptedExtensions> change)
    {
        Records.HasToProtect = Victim.Fault is null;
        var extensions = new EncryptedExtensions { EarlyData = AcceptsEarlyData };
        change(extensions);
        Send(extensions);
    }

    public void SendCertificateRequest() => SendCertificateRequest(new CertificateRequest13 { SignatureAlgorithms = AllSchemes });

    public void SendCertificateRequest(CertificateRequest13 request) => Send(request);

    public static UInt16List AllSchemes => UInt16List.Of([.. Enum.GetValues<SignatureScheme>().Select(scheme => (ushort)scheme)]);

    public CertificateMessage13 Certificate() => new() { Entries = [.. Credential.Chain.Select(der => new CertificateEntry { Certificate = der })] };

    public void SendCertificate() => Send(Certificate());

    public CertificateVerify CertificateVerify() => new()
    {
        Scheme = (ushort)Scheme,
        Signature = Credential.Sign(Scheme, SignsAs == Signer.Bare ? Hash() : global::Kippu.Wire.Messages.CertificateVerify.ContentToSign(SignsAs == Signer.Server, Hash())),
    };

    public void SendCertificateVerify() => Send(CertificateVerify());

    public override void SendFinished() => SendFinished(Finished());

    public void SendFinished(Finished finished) => Hold(() =>
    {
        Send(finished);
        DeriveApplication();
        WriteApplication();
    });

    public override void SendAllBeforeChange()
    {
        SendHello();
        SendEncryptedExtensions();
        if (Session is null)
        {
            SendCertificate();
            SendCertificateVerify();
        }
    }

    /// <summary>Resumed if there is a <see cref="Session"/>, else full.</summary>
    public override HostileServer13 Connect()
    {
        SendAllBeforeChange();
        if (Victim.Fault is null)
        {
            SendFinished();
        }

        return this;
    }

    /// <summary>A ticket, and the session that it is for.</summary>
    public PeerSession13 SendTicket(uint lifetime = 3600, uint? maxEarlyData = null, byte[]? ticket = null, byte[]? nonce = null)
    {
        var message = new NewSessionTicket13
        {
            Lifetime = lifetime,
            AgeAdd = 0x01020304,
            Nonce = nonce ?? RandomNumberGenerator.GetBytes(8),
            Ticket = ticket ?? RandomNumberGenerator.GetBytes(64),
            MaxEarlyData = maxEarlyData,
        };
        Send(message);
        return SessionOf(message);
    }

    protected override void OnHeard(HandshakeMessage message)
    {
        base.OnHeard(message);
        switch (message.Type)
        {
            case HandshakeType.ClientHello:
                ClientRandom = ClientHello.Random.ToArray();
                if (ClientHello.EarlyData && Held is not null)
                {
                    Records.ChangeReadKeys(EarlyProtection(Held, Transcript.Messages));
                }

                break;
            case HandshakeType.EndOfEarlyData:
                Records.ChangeReadKeys(Tls13AeadProtection.From(ClientHandshake!));
                break;
            case HandshakeType.Finished:
                DeriveResumption();
                ReadApplication();
                break;
            default:
                break;
        }
    }

    /// <summary>The share that answers the client's; one that nobody asked for, if the client has sent none of the group.</summary>
    private SecretBytes Share(out KeyShareEntry share)
    {
        if (ClientHello.KeyShares is { } shares && shares.TryFind((ushort)Group, out var theirs))
        {
            share = new KeyShareEntry((ushort)Group, KeyShare.Answer(Group, theirs.KeyExchange.Span, out var secret));
            return secret;
        }

        using var own = KeyShare.Generate(Group);
        share = new KeyShareEntry((ushort)Group, own.PublicKey.ToArray());
        return new SecretBytes(32);
    }
}
