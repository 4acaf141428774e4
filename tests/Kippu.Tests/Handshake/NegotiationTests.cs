using System.Net.Security;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>Versions, suites, compression, extensions: what hellos may say (RFC 5246 §7.4.1, appendix E; RFC 8446 §4.2.1; RFC 8701).</summary>
public sealed class NegotiationTests
{
    private readonly FakeTimeProvider _time = TestServers.Clock();

    [Theory]
    [InlineData(0x0200)]
    [InlineData(0x0300)]
    [InlineData(0x0301)]
    [InlineData(0x0302)]
    public void A_client_of_an_older_version_is_refused(int version)
    {
        using var peer = new HostileClient(TestServers.Server(_time)) { Edit = Edits.Body(HandshakeType.ClientHello, body => Version(body, version)) };
        peer.SendHello();

        peer.Refused(TlsFault.UnsupportedVersion, AlertDescription.ProtocolVersion);
    }

    [Theory]
    [InlineData(0x0304)]
    [InlineData(0x03FF)]
    [InlineData(0x0400)]
    public void A_client_of_a_later_version_gets_this_one(int version)
    {
        using var peer = new HostileClient(TestServers.Server(_time)) { Edit = Edits.Body(HandshakeType.ClientHello, body => Version(body, version)) }.Connect();

        peer.Connected();
        Assert.Equal(0x0303, peer.Said<ServerHello>().Version);
    }

    [Theory]
    [InlineData(new ushort[] { 0x0304, 0x0303 }, true)]
    [InlineData(new ushort[] { 0x7F17, 0x2A2A, 0x0303, 0x0302 }, true)]
    [InlineData(new ushort[] { 0x0304 }, false)]
    [InlineData(new ushort[] { 0x0302, 0x0301 }, false)]
    public void Where_supported_versions_is_sent_it_decides_alone(ushort[] versions, bool fits)
    {
        using var peer = new HostileClient(TestServers.Server(_time));
        peer.SendHello(hello => hello.SupportedVersions = UInt16List.Of(versions));

        if (fits)
        {
            Assert.Equal(0x0303, peer.Said<ServerHello>().Version);
            Assert.Null(peer.Said<ServerHello>().SelectedVersion);
        }
        else
        {
            peer.Refused(TlsFault.UnsupportedVersion, AlertDescription.ProtocolVersion);
        }
    }

    [Theory]
    [InlineData(0x0302)]
    [InlineData(0x0304)]
    [InlineData(0x0300)]
    public void A_server_that_answers_another_version_is_refused(int version)
    {
        using var peer = new HostileServer(TestServers.Client(_time)) { Edit = Edits.Body(HandshakeType.ServerHello, body => Version(body, version)) };
        peer.SendHello();

        peer.Refused(TlsFault.UnsupportedVersion, AlertDescription.ProtocolVersion);
    }

    [Theory]
    [InlineData(0x0300)]
    [InlineData(0x0301)]
    [InlineData(0x0303)]
    [InlineData(0x03FF)]
    public void The_first_hello_may_stand_in_a_record_of_any_3_x(int version)
    {
        using var peer = new HostileClient(TestServers.Server(_time));
        var hello = HelloMessage(peer);
        peer.SendBytes(PeerRecords.Clear(22, (ushort)version, hello.Length, hello));

        Assert.True(peer.HasSaid(HandshakeType.ServerHelloDone));
    }

    [Theory]
    [InlineData(0x0203)]
    [InlineData(0x0403)]
    [InlineData(0x0003)]
    public void A_record_of_another_major_version_is_refused(int version)
    {
        using var peer = new HostileClient(TestServers.Server(_time));
        var hello = HelloMessage(peer);
        peer.SendBytes(PeerRecords.Clear(22, (ushort)version, hello.Length, hello));

        peer.Refused(TlsFault.RecordVersion, AlertDescription.ProtocolVersion);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Once_the_version_is_negotiated_records_carry_it(bool victimIsServer)
    {
        using var peer = HostilePeer.Of(victimIsServer, _time);
        peer.SendHello();
        Assert.Null(peer.Victim.Fault);
        peer.SendBytes(PeerRecords.Clear(22, 0x0301, 4, [16, 0, 0, 0]));

        peer.Refused(TlsFault.RecordVersion, AlertDescription.ProtocolVersion);
    }

    [Theory]
    [InlineData(new ushort[] { 0x002F })]
    [InlineData(new ushort[] { 0x1301, 0x1302, 0x00FF })]
    [InlineData(new ushort[] { 0xC02F })] // for an RSA key, and the server has none
    public void No_suite_in_common_fails_the_handshake(ushort[] suites)
    {
        using var peer = new HostileClient(TestServers.Server(_time)) { Suites = suites };
        peer.SendHello();

        var fault = peer.Victim.Fault!.Fault;
        Assert.True(fault is TlsFault.NoCommonCipherSuite or TlsFault.NoCommonSignatureScheme);
        peer.Refused(fault, AlertDescription.HandshakeFailure);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(new ushort[] { 0x0203, 0x0201 })]
    [InlineData(new ushort[] { 0x0401, 0x0804 })]
    public void No_signature_scheme_in_common_fails_the_handshake(ushort[]? schemes)
    {
        using var peer = new HostileClient(TestServers.Server(_time)) { Schemes = schemes };
        peer.SendHello();

        peer.Refused(TlsFault.NoCommonSignatureScheme, AlertDescription.HandshakeFailure);
    }

    [Theory]
    [InlineData(0xC02C)] // implemented, and not enabled here
    [InlineData(0x002F)]
    [InlineData(0x0000)]
    public void A_suite_that_was_not_offered_is_illegal(int suite)
    {
        using var peer = new HostileServer(TestServers.Client(_time, options => options.CipherSuites.Add(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)))
        {
            Edit = Edits.Body(HandshakeType.ServerHello, body => [.. body[..35], (byte)(suite >> 8), (byte)suite, .. body[37..]]),
        };
        peer.SendHello();

        peer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
    }

    [Fact]
    public void Compression_is_refused_in_both_roles()
    {
        using var asServer = new HostileServer(TestServers.Client(_time)) { Edit = Edits.Body(HandshakeType.ServerHello, body => [.. body[..37], 1, .. body[38..]]) };
        asServer.SendHello();
        asServer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);

        using var asClient = new HostileClient(TestServers.Server(_time));
        var hello = asClient.Hello();
        asClient.SendHello(new ClientHello
        {
            LegacyVersion = hello.LegacyVersion, Random = hello.Random, SessionId = hello.SessionId, CipherSuites = hello.CipherSuites, CompressionMethods = new byte[] { 1, 64 },
        });
        asClient.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
    }

    [Fact]
    public void Null_compression_may_stand_among_others()
    {
        using var peer = new HostileClient(TestServers.Server(_time)) { Edit = Edits.Body(HandshakeType.ClientHello, WithCompressions) };
        peer.SendHello();

        Assert.True(peer.HasSaid(HandshakeType.ServerHelloDone));

        static byte[] WithCompressions(byte[] body)
        {
            var at = 35 + 2 + ((body[35] << 8) | body[36]);
            return [.. body[..at], 3, 1, 64, 0, .. body[(at + 2)..]];
        }
    }

    [Theory]
    [InlineData(0x0A0A)]
    [InlineData(0xFAFA)]
    [InlineData(12345)]
    public void Unknown_values_of_all_kinds_are_ignored_by_a_server(int value)
    {
        using var peer = new HostileClient(TestServers.Server(_time))
        {
            Edit = Edits.Extension(HandshakeType.ClientHello, value, [1, 2, 3]),
        };
        peer.Suites = [(ushort)value, .. peer.Suites];
        peer.Groups = [(ushort)value, .. peer.Groups!];
        peer.Schemes = [(ushort)value, .. peer.Schemes!];
        peer.Connect();

        peer.Connected();
    }

    [Theory]
    [InlineData(0x0A0A)]
    [InlineData(12345)]
    [InlineData((int)ExtensionType.StatusRequest)]
    [InlineData((int)ExtensionType.SupportedGroups)]
    [InlineData((int)ExtensionType.KeyShare)]
    public void An_extension_in_the_ServerHello_that_was_not_asked_for_is_unsupported(int type)
    {
        using var peer = new HostileServer(TestServers.Client(_time)) { Edit = Edits.Extension(HandshakeType.ServerHello, type, []) };
        if (type == (int)ExtensionType.SupportedGroups)
        {
            // Asked for, but no server may answer it (RFC 8422 §5.1.1); it is ignored, as by other clients: some old servers send it.
            peer.Connect();
            peer.Connected();
            return;
        }

        peer.SendHello();
        peer.Refused(TlsFault.UnsolicitedExtension, AlertDescription.UnsupportedExtension);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_extension_that_comes_twice_is_refused(bool victimIsServer)
    {
        using var peer = HostilePeer.Of(victimIsServer, _time);
        var type = victimIsServer ? HandshakeType.ClientHello : HandshakeType.ServerHello;
        peer.Edit = Edits.Extension(type, (int)ExtensionType.ExtendedMasterSecret, [], twice: true);
        peer.SendHello();

        peer.Refused(TlsFault.DuplicateExtension, AlertDescription.DecodeError);
    }

    [Fact]
    public void A_hello_without_extensions_gets_an_answer_without_extensions()
    {
        // RFC 5246 §7.4.1.4.1: without signature_algorithms SHA-1 is meant, which is not signed here; so the answer is a refusal, not a crash.
        using var peer = new HostileClient(TestServers.Server(_time));
        var hello = peer.Hello();
        peer.SendHello(new ClientHello { LegacyVersion = 0x0303, Random = hello.Random, SessionId = default, CipherSuites = hello.CipherSuites });

        peer.Refused(TlsFault.NoCommonSignatureScheme, AlertDescription.HandshakeFailure);
    }

    [Fact]
    public void A_ServerHello_without_extensions_is_taken()
    {
        using var peer = new HostileServer(TestServers.Client(_time)) { ExtendedMasterSecret = false, Edit = Edits.WithoutExtension(HandshakeType.ServerHello, 0xFF01) }.Connect();

        peer.Connected();
    }

    private static byte[] HelloMessage(HostileClient peer)
    {
        byte[]? captured = null;
        peer.Edit = (_, raw) => (captured = raw) is null ? raw : null;
        peer.SendHello();
        peer.Edit = static (_, raw) => raw;
        return captured!;
    }

    private static byte[] Version(byte[] body, int version) => [(byte)(version >> 8), (byte)version, .. body[2..]];
}
