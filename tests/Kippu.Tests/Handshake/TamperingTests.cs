using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>Somebody between the two who changes what they say, and a peer who says anything in any order.</summary>
public sealed class TamperingTests
{
    private const int RecordVersionMinor = 2;

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void No_byte_of_a_handshake_can_be_changed_unnoticed(bool fromClient, bool resumes)
    {
        var time = TestServers.Clock();
        var server = TestServers.Server(time);
        var client = TestServers.Client(time);
        byte[] sessions;
        using (var first = new ConnectionPair(client, server).Connect())
        using (var exported = new MemoryStream())
        {
            client.SessionStore.Export(exported);
            sessions = exported.ToArray();
        }

        var wasReached = true;
        for (var index = 0; wasReached; index++)
        {
            client.SessionStore.Clear();
            if (resumes)
            {
                client.SessionStore.Import(new MemoryStream(sessions), TestPki.Now);
            }

            using var pair = new ConnectionPair(client, server);
            var position = 0;
            wasReached = false;
            pair.Tamper = (ofClient, bytes) =>
            {
                if (ofClient == fromClient)
                {
                    var at = index - position;
                    position += bytes.Length;
                    if (at >= 0 && at < bytes.Length)
                    {
                        wasReached = true;
                        bytes[at] ^= (byte)(1 << (index % 8));
                    }
                }

                return bytes;
            };
            pair.Run();
            if (!wasReached || index == RecordVersionMinor)
            {
                // RFC 5246 appendix E.1: any 3.x is taken in the record of a hello, before a version is negotiated, and nothing covers that byte.
                Assert.True(pair.Client.Connection.IsConnected && pair.Server.Connection.IsConnected, $"{index}: {pair.Client.Fault?.Message} {pair.Server.Fault?.Message}");
                continue;
            }

            Assert.False(pair.Client.Connection.IsConnected && pair.Server.Connection.IsConnected && pair.Client.Fault is null && pair.Server.Fault is null, $"byte {index} does not matter");
            Assert.NotEqual(TlsFault.InternalError, pair.Client.Fault?.Fault);
            Assert.NotEqual(TlsFault.InternalError, pair.Server.Fault?.Fault);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whatever_is_said_in_whatever_order_ends_in_a_fault_of_the_peers_or_a_connection(bool victimIsServer)
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            using var peer = victimIsServer
                ? (HostilePeer)new HostileClient(TestServers.Server(TestServers.Clock(), options => options.ClientCertificate = (ClientCertificateRequirement)random.Next(3)))
                : new HostileServer(TestServers.Client(TestServers.Clock())) { PromisesTicket = random.Next(2) == 0 };
            var steps = StepsOf(peer, random);
            var inOrder = 0;
            for (var i = 0; i < 30 && peer.Victim.Fault is null; i++)
            {
                // Mostly what comes next, so that walks get far; sometimes anything else.
                var step = random.Next(4) > 0 ? steps[inOrder++ % steps.Length] : steps[random.Next(steps.Length)];
                try
                {
                    step();
                }
                catch (Exception impossible) when (impossible is InvalidOperationException or NullReferenceException or ArgumentException or Kippu.Alerts.TlsFaultException)
                {
                    // The peer itself could not make this message here (it has no keys, or heard nothing to answer): the victim knows nothing of it.
                }
            }

            Assert.NotEqual(TlsFault.InternalError, peer.Victim.Fault?.Fault);
            if (peer.Victim.Fault is null)
            {
                peer.Victim.EndOfInput();
                Assert.True(peer.Victim.Fault is { Fault: TlsFault.Truncated } || peer.Victim.Closed);
            }
        }
    }

    private static Action[] StepsOf(HostilePeer peer, Random random)
    {
        Action[] common =
        [
            () => peer.SendAlert(isFatal: false, AlertDescription.UserCanceled),
            () => peer.SendData([1]),
            () => peer.SendContent(ContentType.ChangeCipherSpec, [1]),
            () => peer.SendMessage((HandshakeType)random.Next(256), new byte[random.Next(50)]),
            () => peer.Records.FragmentLength = random.Next(1, 200),
        ];
        Action[] own = peer switch
        {
            HostileClient client => [client.SendHello, client.SendKeyExchange, client.SendChangeCipherSpec, client.SendFinished, client.SendCertificate, () => client.Credential = TestPki.Client.Credential],
            HostileServer server =>
            [
                server.SendHello, server.SendCertificate, server.SendKeyExchange, server.SendHelloDone, () => server.SendTicket([1]), server.SendChangeCipherSpec, server.SendFinished,
                server.SendCertificateRequest, () => server.Send(Kippu.Wire.Messages.HelloRequest.Instance),
            ],
            _ => throw new ArgumentOutOfRangeException(nameof(peer)),
        };
        return [.. own, .. common];
    }
}
