using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Handshake.Peers;

/// <summary>Whole handshakes for a hostile peer to spoil in one place: each has every message of its role in it, and stops where the victim gives up.</summary>
internal static class Conversations
{
    /// <summary>What a client says in <see cref="WithServer"/>, in its order.</summary>
    public static readonly HandshakeType[] ClientMessages =
        [HandshakeType.ClientHello, HandshakeType.Certificate, HandshakeType.ClientKeyExchange, HandshakeType.CertificateVerify, HandshakeType.Finished];

    /// <summary>What a server says in <see cref="WithClient"/>, in its order.</summary>
    public static readonly HandshakeType[] ServerMessages =
    [
        HandshakeType.ServerHello, HandshakeType.Certificate, HandshakeType.ServerKeyExchange, HandshakeType.CertificateRequest, HandshakeType.ServerHelloDone,
        HandshakeType.NewSessionTicket, HandshakeType.Finished,
    ];

    private static readonly TlsServer s_server = TestServers.Server(TestServers.Clock(), options =>
    {
        options.ClientCertificate = ClientCertificateRequirement.Required;
        options.ApplicationProtocols.Add(System.Net.Security.SslApplicationProtocol.Http2);
    });

    /// <summary>Both roles with each of their messages.</summary>
    public static TheoryData<bool, HandshakeType> Messages
    {
        get
        {
            var data = new TheoryData<bool, HandshakeType>();
            data.AddRange([.. ClientMessages.Select(type => new TheoryDataRow<bool, HandshakeType>(true, type))]);
            data.AddRange([.. ServerMessages.Select(type => new TheoryDataRow<bool, HandshakeType>(false, type))]);
            return data;
        }
    }

    public static HostilePeer Run(bool victimIsServer, Func<HandshakeType, byte[], byte[]?> edit, Func<HandshakeType, byte[], byte[]>? tamper = null) =>
        victimIsServer ? WithServer(edit, tamper) : WithClient(edit, tamper);

    /// <summary>The message's body, as it stands in a conversation in which nothing is spoilt.</summary>
    public static byte[] Sample(bool victimIsServer, HandshakeType type)
    {
        byte[]? sample = null;
        using var peer = Run(victimIsServer, (sent, raw) =>
        {
            sample = sent == type ? raw[HandshakeMessage.HeaderLength..] : sample;
            return raw;
        });
        peer.Connected();
        return sample!;
    }

    /// <summary>A client with a certificate.</summary>
    public static HostileClient WithServer(Func<HandshakeType, byte[], byte[]?> edit, Func<HandshakeType, byte[], byte[]>? tamper = null)
    {
        var peer = new HostileClient(s_server) { Edit = edit, Credential = TestPki.Client.Credential };
        peer.Tamper = tamper ?? peer.Tamper;
        Action[] steps =
        [
            () => peer.SendHello(hello => hello.ApplicationProtocols = ProtocolNameList.Of([System.Net.Security.SslApplicationProtocol.Http2])),
            peer.SendCertificate, peer.SendKeyExchange, peer.SendCertificateVerify, peer.SendChangeCipherSpec, peer.SendFinished,
        ];
        Play(peer, steps);
        return peer;
    }

    /// <summary>A server that asks for a certificate, and gives a ticket.</summary>
    public static HostileServer WithClient(Func<HandshakeType, byte[], byte[]?> edit, Func<HandshakeType, byte[], byte[]>? tamper = null)
    {
        var client = TestServers.Client(TestServers.Clock(), options =>
        {
            options.Credentials.Add(TestPki.Client.Credential);
            options.ApplicationProtocols.Add(System.Net.Security.SslApplicationProtocol.Http2);
        });
        var peer = new HostileServer(client) { Edit = edit, PromisesTicket = true, SessionId = new byte[32] };
        peer.Tamper = tamper ?? peer.Tamper;
        Action[] steps =
        [
            () => peer.SendHello(hello =>
            {
                hello.ApplicationProtocol = "h2"u8.ToArray();
                hello.EcPointFormats = new byte[] { 0 };
            }),
            peer.SendCertificate, peer.SendKeyExchange, peer.SendCertificateRequest, peer.SendHelloDone, () => peer.SendTicket([1, 2, 3]), peer.SendChangeCipherSpec, peer.SendFinished,
        ];
        Play(peer, steps);
        return peer;
    }

    private static void Play(HostilePeer peer, Action[] steps)
    {
        foreach (var step in steps)
        {
            if (peer.Victim.Fault is not null)
            {
                break;
            }

            // A message that was cut short leaves the victim waiting for the rest, and the peer without what the victim would have said.
            try
            {
                step();
            }
            catch (InvalidOperationException)
            {
                break;
            }
        }
    }
}
