using Kippu.Records;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>RFC 8449 §4 in both roles: what each side says limits what the other sends.</summary>
public sealed class RecordSizeLimitTests
{
    private readonly FakeTimeProvider _time = TestServers.Clock();

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1000)]
    [InlineData(16384)]
    public void A_servers_records_stay_within_what_the_client_said(int limit)
    {
        using var peer = new HostileClient(TestServers.Server(_time));
        peer.SendHello(hello => hello.RecordSizeLimit = (ushort)limit);
        Finish(peer);
        AssertWithin(peer, limit);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1000)]
    [InlineData(16384)]
    public void A_clients_records_stay_within_what_the_server_said(int limit)
    {
        using var peer = new HostileServer(TestServers.Client(_time, options => options.RecordSizeLimit = 512));
        peer.Edit = Edits.Extension(HandshakeType.ServerHello, (int)ExtensionType.RecordSizeLimit, [(byte)(limit >> 8), (byte)limit]);
        peer.Connect();
        AssertWithin(peer, limit);
    }

    // RFC 8449 §4: "An endpoint ... that receives a record larger than its advertised limit MUST generate a fatal "record_overflow" alert."
    [Fact]
    public void In_TLS_13_a_record_of_the_servers_handshake_is_held_to_the_clients_limit()
    {
        using var peer = new HostileServer13(TestServers.Client13(_time, options => options.RecordSizeLimit = 100));
        peer.SendHello();
        peer.SendEncryptedExtensions(extensions => extensions.RecordSizeLimit = 16385);
        peer.SendCertificate();

        peer.Refused(TlsFault.RecordOverflow, AlertDescription.RecordOverflow);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(100, true)]
    [InlineData(100, false)]
    public void In_TLS_13_a_servers_handshake_is_within_the_limit_also_while_its_signature_is_waited_for(int limit, bool isRemote)
    {
        var server = TestServers.Server13(_time, options => Sign(options.Credentials, TestPki.EcdsaP256, isRemote));
        using var peer = new HostileClient13(server);
        peer.Victim.Answer = null;
        peer.SendHello(hello => hello.RecordSizeLimit = (ushort)limit);
        if (isRemote)
        {
            Assert.True(peer.HasSaid(HandshakeType.Certificate));
            Answer(peer);
        }

        peer.SendFinished();
        peer.Connected();
        // RFC 8449 §4: in TLS 1.3 it is "the complete length of TLSInnerPlaintext", which has the type too.
        Assert.Equal(limit - 1, peer.LongestProtected);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void In_TLS_13_a_clients_handshake_is_within_the_limit_also_while_its_signature_is_waited_for(bool isRemote)
    {
        var client = TestServers.Client13(_time, options =>
        {
            options.RecordSizeLimit = 16384;
            Sign(options.Credentials, TestPki.Client, isRemote);
        });
        using var peer = new HostileServer13(client);
        peer.SendHello();
        peer.SendEncryptedExtensions(extensions => extensions.RecordSizeLimit = 100);
        peer.SendCertificateRequest();
        peer.SendCertificate();
        peer.SendCertificateVerify();
        peer.Victim.Answer = null;
        peer.SendFinished();
        if (isRemote)
        {
            Assert.True(peer.HasSaid(HandshakeType.Certificate));
            Answer(peer);
        }

        peer.Connected();
        Assert.Equal(99, peer.LongestProtected);
    }

    [Theory]
    [InlineData(65535)]
    [InlineData(16385)]
    public void A_server_takes_a_limit_above_its_own_maximum_as_no_limit(int limit)
    {
        // RFC 8449 §4: "A server MUST NOT enforce this restriction; a client might advertise a higher limit".
        using var peer = new HostileClient(TestServers.Server(_time));
        peer.SendHello(hello => hello.RecordSizeLimit = (ushort)limit);
        Finish(peer);
        AssertWithin(peer, 16384);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    public void A_limit_below_64_is_illegal(int limit)
    {
        using var asClient = new HostileClient(TestServers.Server(_time));
        asClient.SendHello(hello => hello.RecordSizeLimit = (ushort)limit);
        asClient.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);

        using var asServer = new HostileServer(TestServers.Client(_time, options => options.RecordSizeLimit = 512));
        asServer.SendHello(hello => hello.RecordSizeLimit = (ushort)limit);
        asServer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_record_of_just_the_limit_is_taken_and_one_of_a_byte_more_is_not(bool victimIsServer)
    {
        const int Limit = 100;
        using var peer = Limited(victimIsServer, Limit);
        peer.SendData(new byte[Limit]);
        Assert.Null(peer.Victim.Fault);
        Assert.Equal(Limit, peer.Victim.Delivered.Count);
        peer.SendData(new byte[Limit + 1]);

        peer.Refused(TlsFault.RecordOverflow, AlertDescription.RecordOverflow);
        Assert.Equal(Limit, peer.Victim.Delivered.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Handshake_records_in_clear_are_not_subject_to_the_limit(bool victimIsServer)
    {
        using var peer = Limited(victimIsServer, 64);

        peer.Connected();
    }

    [Fact]
    public void A_limit_that_the_peer_does_not_understand_does_not_bind_it()
    {
        using var peer = new HostileServer(TestServers.Client(_time, options => options.RecordSizeLimit = 100)).Connect();
        peer.SendData(new byte[16384]);

        Assert.Equal(16384, peer.Victim.Delivered.Count);
    }

    [Fact]
    public void A_server_says_its_limit_only_to_a_client_that_said_one()
    {
        var server = TestServers.Server(_time, options => options.RecordSizeLimit = 100);
        using var peer = new HostileClient(server).Connect();
        peer.Connected();
        Assert.Null(peer.Said<ServerHello>().RecordSizeLimit);
        peer.SendData(new byte[16384]);

        Assert.Equal(3 + 16384, peer.Victim.Delivered.Count);
    }

    [Fact]
    public void A_client_refuses_a_limit_when_it_said_none()
    {
        using var peer = new HostileServer(TestServers.Client(_time));
        peer.SendHello(hello => hello.RecordSizeLimit = 100);

        peer.Refused(TlsFault.UnsolicitedExtension, AlertDescription.UnsupportedExtension);
    }

    [Fact]
    public void The_limit_holds_in_resumed_handshakes_and_is_said_anew()
    {
        var server = TestServers.Server(_time, options => options.RecordSizeLimit = 128);
        using var first = new HostileClient(server).Connect();
        using var peer = new HostileClient(server) { Session = first.NewSession };
        peer.SendHello(hello => hello.RecordSizeLimit = 77);
        peer.SendChangeCipherSpec();
        peer.SendFinished();

        Assert.True(peer.Resumes);
        Assert.Equal((ushort?)128, peer.Said<ServerHello>().RecordSizeLimit);
        AssertWithin(peer, 77);
        peer.SendData(new byte[129]);
        peer.Refused(TlsFault.RecordOverflow, AlertDescription.RecordOverflow);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_any_limit_a_record_of_more_than_16_kB_is_refused_whatever_room_the_reader_gives(bool victimIsServer)
    {
        using HostilePeer peer = victimIsServer ? new HostileClient(TestServers.Server(_time)).Connect() : new HostileServer(TestServers.Client(_time)).Connect();
        peer.SendData(new byte[RecordLimits.MaxPlaintext]);
        Assert.Equal(RecordLimits.MaxPlaintext, peer.Victim.Delivered.Count);

        // Nobody needs the key for this: the length alone is too much.
        peer.SendBytes(PeerRecords.Clear(23, 0x0303, RecordLimits.MaxPlaintext + 25, new byte[RecordLimits.MaxPlaintext + 25]));
        peer.Refused(TlsFault.RecordOverflow, AlertDescription.RecordOverflow);
    }

    private static void Finish(HostileClient peer)
    {
        peer.SendKeyFlight();
        peer.SendChangeCipherSpec();
        peer.SendFinished();
        Assert.Null(peer.Victim.Fault);
    }

    private static void Sign(IList<TlsCredential> credentials, TestIdentity identity, bool isRemote)
    {
        credentials.Clear();
        credentials.Add(isRemote ? TlsCredential.FromSigner(identity.Certificate, identity.Intermediates, new Signer()) : identity.Credential);
    }

    /// <summary>Makes the signature that the victim waits for.</summary>
    private static void Answer(HostilePeer peer)
    {
        Scene13.Answer(Assert.IsType<SignatureQuestion>(peer.Victim.Connection.Question));
        peer.Victim.Step();
        peer.Listen();
    }

    /// <summary>Writes a lot and looks at each record's plaintext.</summary>
    private static void AssertWithin(HostilePeer peer, int limit)
    {
        peer.Connected();
        var data = new byte[40_000];
        Random.Shared.NextBytes(data);
        var wire = peer.Victim.Write(data);
        var records = peer.Records.Open(wire).ToList();
        Assert.All(records, record => Assert.InRange(record.Content.Length, 1, limit));
        Assert.Equal(limit, records[0].Content.Length);
        Assert.Equal(data, records.SelectMany(record => record.Content));
    }

    /// <summary>A connection whose victim has said this limit, to a peer that understood.</summary>
    private HostilePeer Limited(bool victimIsServer, int limit)
    {
        if (victimIsServer)
        {
            var client = new HostileClient(TestServers.Server(_time, options => options.RecordSizeLimit = limit));
            client.SendHello(hello => hello.RecordSizeLimit = 16384);
            Finish(client);
            return client;
        }

        var server = new HostileServer(TestServers.Client(_time, options => options.RecordSizeLimit = limit))
        {
            PromisesTicket = true,
            Edit = Edits.Extension(HandshakeType.ServerHello, (int)ExtensionType.RecordSizeLimit, [0x40, 0]),
        };
        return server.Connect();
    }

    private sealed class Signer : ITlsSigner
    {
        public ValueTask<byte[]> SignAsync(SignatureScheme scheme, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => throw new InvalidOperationException("the test answers");
    }
}
