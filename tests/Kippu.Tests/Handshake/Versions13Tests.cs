using System.Security.Authentication;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>TLS 1.3 beside TLS 1.2: which is negotiated, fallback (RFC 7507), and what the hellos look like on the wire.</summary>
public sealed class Versions13Tests
{
    private const ushort FallbackScsv = 0x5600;
    private const ushort EcdheAes128 = 0xC02B;

    private readonly FakeTimeProvider _time = TestServers.Clock();

    [Theory]
    [InlineData(SslProtocols.None, SslProtocols.None, SslProtocols.Tls13)]
    [InlineData(SslProtocols.None, SslProtocols.Tls12, SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls12, SslProtocols.None, SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13, SslProtocols.None, SslProtocols.Tls13)]
    [InlineData(SslProtocols.None, SslProtocols.Tls13, SslProtocols.Tls13)]
    public void The_highest_in_common_is_spoken_again_and_again(SslProtocols ofClient, SslProtocols ofServer, SslProtocols spoken)
    {
        var client = TestServers.Client(_time, options => options.Protocols = ofClient);
        var server = TestServers.Server(_time, options => options.Protocols = ofServer);
        for (var i = 0; i < 3; i++)
        {
            using var pair = new ConnectionPair(client, server).Connect();
            Assert.Equal(spoken, pair.Client.Connection.Info.Protocol);
            Assert.Equal(spoken, pair.Server.Connection.Info.Protocol);
            Assert.Equal(i > 0, pair.Server.Connection.Info.IsResumed);
        }
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, SslProtocols.Tls13, "the client offers TLS 1.2 only; this server speaks TLS 1.3")]
    [InlineData(SslProtocols.Tls13, SslProtocols.Tls12, "the client offers TLS 1.3 only; this server speaks TLS 1.2")]
    public void Without_one_in_common_it_is_protocol_version(SslProtocols ofClient, SslProtocols ofServer, string reason)
    {
        using var pair = new ConnectionPair(
            TestServers.Client(_time, options => options.Protocols = ofClient), TestServers.Server(_time, options => options.Protocols = ofServer)).Run();

        Assert.Equal(TlsFault.UnsupportedVersion, pair.Server.Fault?.Fault);
        Assert.Equal(reason, pair.Server.Fault?.Message);
        Assert.Equal(AlertDescription.ProtocolVersion, pair.Client.Fault?.Alert);
    }

    [Fact]
    public void A_session_of_one_version_does_not_get_in_the_way_of_the_other()
    {
        var client = TestServers.Client13(_time);
        var both = TestServers.Server13(_time);
        var older = TestServers.Server(_time);
        foreach (var server in new[] { both, older, both, older })
        {
            using var pair = new ConnectionPair(client, server).Connect();
            Assert.Equal(server == both ? SslProtocols.Tls13 : SslProtocols.Tls12, pair.Client.Connection.Info.Protocol);
        }
    }

    [Fact]
    public void A_server_marks_TLS_1_2_only_if_it_speaks_TLS_1_3()
    {
        using var marked = new HostileClient(TestServers.Server13(_time));
        marked.SendHello();
        Assert.True(DowngradeSentinel.ToTls12.SequenceEqual(marked.Said<ServerHello>().Random.Span[24..]));
        using var unmarked = new HostileClient(TestServers.Server(_time));
        unmarked.SendHello();

        Assert.False(DowngradeSentinel.IsIn(unmarked.Said<ServerHello>().Random.Span));
    }

    [Theory]
    [InlineData(SslProtocols.None, true)]
    [InlineData(SslProtocols.Tls12, false)]
    public void A_fallback_below_the_highest_version_is_inappropriate(SslProtocols ofServer, bool refused)
    {
        using var peer = new HostileClient(TestServers.Server(_time, options => options.Protocols = ofServer)) { Suites = [EcdheAes128, FallbackScsv] };
        peer.SendHello();
        if (refused)
        {
            peer.Refused(TlsFault.InappropriateFallback, AlertDescription.InappropriateFallback);
        }
        else
        {
            Assert.Null(peer.Victim.Fault);
        }
    }

    [Fact]
    public void A_fallback_signal_in_a_hello_that_offers_the_highest_version_means_nothing()
    {
        using var peer = new HostileClient13(TestServers.Server13(_time)) { Suites = [(ushort)HostilePeer13.Aes128.Id, FallbackScsv] }.Connect();

        peer.Connected();
    }

    [Theory]
    [InlineData(new ushort[] { 0x0304 })]
    [InlineData(new ushort[] { 0x0303, 0x0304 })]
    [InlineData(new ushort[] { 0x7F1C, 0x0305, 0x0304, 0x8A8A })]
    public void A_server_finds_TLS_1_3_among_versions_that_it_does_not_know(ushort[] versions)
    {
        using var peer = new HostileClient13(TestServers.Server13(_time)) { Versions = versions }.Connect();

        peer.Connected();
    }

    [Theory]
    [InlineData(new byte[] { 0, 1 })]
    [InlineData(new byte[] { 1, 0 })]
    public void More_than_one_compression_method_is_illegal_parameter(byte[] methods)
    {
        using var peer = new HostileClient13(TestServers.Server13(_time))
        {
            Edit = Edits.Body(HandshakeType.ClientHello, body =>
            {
                var at = 34 + 33 + 2 + 4;
                Assert.Equal([1, 0], body[at..(at + 2)]);
                return [.. body[..at], (byte)methods.Length, .. methods, .. body[(at + 2)..]];
            }),
        };
        peer.SendHello();

        peer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(13)]
    [InlineData(51)]
    public void A_hello_without_a_mandatory_extension_is_missing_extension(int extension)
    {
        using var peer = new HostileClient13(TestServers.Server13(_time)) { Edit = Edits.WithoutExtension(HandshakeType.ClientHello, extension) };
        peer.SendHello();

        peer.Refused(TlsFault.MissingExtension, AlertDescription.MissingExtension);
    }

    [Fact]
    public void A_share_of_a_group_that_is_not_offered_and_two_of_one_group_are_illegal_parameter()
    {
        foreach (var shares in new[] { new[] { NamedGroup.Secp521r1, NamedGroup.X25519 }, [NamedGroup.X25519, NamedGroup.X25519] })
        {
            using var peer = new HostileClient13(TestServers.Server13(_time)) { ShareGroups = shares };
            peer.SendHello();

            peer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(536)]
    [InlineData(1460)]
    public void A_hello_of_many_segments_is_understood(int segment)
    {
        using var peer = new HostileClient13(TestServers.Server13(_time)) { Edit = Edits.Extension(HandshakeType.ClientHello, 21, new byte[2000]) };
        var hello = peer.Capture(peer.SendHello);
        Assert.True(hello.Length > 1500);
        foreach (var piece in hello.Chunk(segment))
        {
            peer.SendBytes(piece);
        }

        peer.SendFinished();
        peer.Connected();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Byte_by_byte_everything_goes_as_it_does_whole(bool retries)
    {
        var client = TestServers.Client13(_time, options => options.Credentials.Add(TestPki.Client.Credential));
        var server = TestServers.Server13(_time, options =>
        {
            options.ClientCertificate = ClientCertificateRequirement.Required;
            if (retries)
            {
                options.Groups.Add(NamedGroup.Secp384r1);
            }
        });
        for (var i = 0; i < 2; i++)
        {
            using var pair = new ConnectionPair(client, server) { Cut = bytes => bytes.Select(single => new[] { single }) }.Connect();
            Assert.Equal(i > 0, pair.Server.Connection.Info.IsResumed);
            Assert.Equal(retries, pair.Client.Connection.Info.RetriedHello);
        }
    }
}
