using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>
/// pre_shared_key in a ClientHello (RFC 8446 §4.2.9 and §4.2.11): what is fatal to it, how many identities are looked at, and which is taken. That a ticket cannot be used
/// is never fatal.
/// </summary>
public sealed class PreSharedKeyOfferTests
{
    private const int PreSharedKey = 41;

    private readonly FakeTimeProvider _time = TestServers.Clock();
    private readonly TlsServer _server;

    public PreSharedKeyOfferTests() => _server = TestServers.Server13(_time);

    /// <summary>A session of another server, with keys of its own.</summary>
    private PeerSession13 Unknown => Issued(TestServers.Server13(_time));

    [Fact]
    public void A_wrong_binder_for_the_session_that_is_taken_is_decrypt_error()
    {
        using var peer = new HostileClient13(_server) { Sessions = [Issued()], Edit = Edits.FlipLast(HandshakeType.ClientHello) };
        peer.SendHello();

        peer.Refused(TlsFault.BadBinder, AlertDescription.DecryptError);
        Assert.Equal(["Alert"], peer.Flow);
    }

    [Theory]
    [InlineData(48)]
    [InlineData(33)]
    [InlineData(255)]
    public void A_binder_of_another_length_is_decrypt_error(int length)
    {
        var session = Issued();
        using var peer = new HostileClient13(_server) { Sessions = [session] };
        peer.SendHello(hello => hello.PreSharedKeys = OfferedPsks.Of([session.Identity], [length]));

        peer.Refused(TlsFault.BadBinder, AlertDescription.DecryptError);
    }

    [Fact]
    public void A_binder_over_another_hello_is_decrypt_error()
    {
        var session = Issued();
        using var peer = new HostileClient13(_server) { Sessions = [session], Edit = Edits.Body(HandshakeType.ClientHello, body => [.. body[..10], (byte)(body[10] ^ 1), .. body[11..]]) };
        peer.SendHello();

        peer.Refused(TlsFault.BadBinder, AlertDescription.DecryptError);
    }

    [Fact]
    public void A_binder_of_the_first_hello_in_the_second_is_decrypt_error()
    {
        var session = Issued();
        var server = TestServers.Server13(_time, options => options.Groups.Add(NamedGroup.Secp384r1));
        using var first = new HostileClient13(server).Connect();
        using var peer = new HostileClient13(server) { Sessions = [first.NewSession] };
        peer.SendHello();
        peer.Edit = Edits.FlipLast(HandshakeType.ClientHello);
        peer.SendHello();

        peer.Refused(TlsFault.BadBinder, AlertDescription.DecryptError);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_psk_key_exchange_modes_it_is_missing_extension(bool usable)
    {
        using var peer = new HostileClient13(_server) { Sessions = [usable ? Issued() : Unknown], PskModes = null };
        peer.SendHello();

        peer.Refused(TlsFault.MissingExtension, AlertDescription.MissingExtension);
    }

    public static TheoryData<string, byte[]> Malformed => new()
    {
        { "empty", [] },
        { "no identity", [0, 0, 0, 33, 32, .. new byte[32]] },
        { "an empty identity", [0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 33, 32, .. new byte[32]] },
        { "an identity that is cut off", [0, 7, 0, 9, 1, 0, 0, 0, 0, 0, 33, 32, .. new byte[32]] },
        { "no binders", [0, 7, 0, 1, 1, 0, 0, 0, 0] },
        { "an empty list of binders", [0, 7, 0, 1, 1, 0, 0, 0, 0, 0, 0] },
        { "a binder that is too short", [0, 7, 0, 1, 1, 0, 0, 0, 0, 0, 33, 31, .. new byte[32]] },
        { "a binder that is cut off", [0, 7, 0, 1, 1, 0, 0, 0, 0, 0, 33, 33, .. new byte[32]] },
        { "something behind the binders", [0, 7, 0, 1, 1, 0, 0, 0, 0, 0, 33, 32, .. new byte[32], 0] },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_one_is_decode_error(string what, byte[] data)
    {
        using var peer = new HostileClient13(_server) { Edit = Edits.Extension(HandshakeType.ClientHello, PreSharedKey, data) };
        peer.SendHello();

        Assert.True(peer.Victim.Fault is not null, what);
        peer.Refused(TlsFault.MalformedMessage, AlertDescription.DecodeError);
    }

    [Fact]
    public void One_that_is_not_the_last_extension_is_illegal_parameter()
    {
        using var peer = new HostileClient13(_server) { Sessions = [Issued()], Edit = Edits.Extension(HandshakeType.ClientHello, 0x7777, []) };
        peer.SendHello();

        peer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    public void More_identities_than_binders_or_fewer_are_illegal_parameter(int identities, int binders)
    {
        byte[] list = [.. Enumerable.Repeat<byte[]>([0, 1, 1, 0, 0, 0, 0], identities).SelectMany(identity => identity)];
        byte[] bound = [.. Enumerable.Repeat<byte[]>([32, .. new byte[32]], binders).SelectMany(binder => binder)];
        using var peer = new HostileClient13(_server)
        {
            Edit = Edits.Extension(HandshakeType.ClientHello, PreSharedKey, [0, (byte)list.Length, .. list, 0, (byte)bound.Length, .. bound]),
        };
        peer.SendHello();

        peer.Refused(TlsFault.IllegalParameter, AlertDescription.IllegalParameter);
    }

    [Theory]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0x0B, 0xFF })]
    public void For_a_client_that_can_do_psk_ke_only_there_is_a_full_handshake_and_no_ticket(byte[] modes)
    {
        using var peer = new HostileClient13(_server) { Sessions = [Issued()], PskModes = modes }.Connect();

        peer.Connected();
        Assert.False(peer.Resumes);
        Assert.Empty(peer.Tickets);
        Assert.False(peer.Victim.Connection.Info.NewTicket);
    }

    [Fact]
    public void Without_psk_key_exchange_modes_and_without_an_offer_no_ticket_comes()
    {
        using var peer = new HostileClient13(_server) { PskModes = null }.Connect();

        peer.Connected();
        Assert.Empty(peer.Tickets);
    }

    [Fact]
    public void Modes_that_nobody_knows_are_passed_over()
    {
        using var peer = new HostileClient13(_server) { Sessions = [Issued()], PskModes = [0x0B, 0, 1, 0xFF] }.Connect();

        peer.Connected();
        Assert.True(peer.Resumes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_first_usable_one_is_taken(int place)
    {
        var good = Issued();
        using var peer = new HostileClient13(_server) { Sessions = [.. Enumerable.Repeat(Unknown, place), good, Issued()] }.Connect();

        peer.Connected();
        Assert.Equal(place, peer.Said<ServerHello>().SelectedIdentity!.Value);
        Assert.Equal(TicketRefusal.None, peer.Victim.Connection.Info.TicketRefusal);
    }

    [Fact]
    public void A_third_one_is_not_looked_at()
    {
        using var peer = new HostileClient13(_server) { Sessions = [Unknown, Unknown, Issued()] }.Connect();

        peer.Connected();
        Assert.False(peer.Resumes);
        Assert.Equal(TicketRefusal.UnknownKey, peer.Victim.Connection.Info.TicketRefusal);
    }

    [Fact]
    public void Only_the_binder_of_the_one_that_is_taken_is_verified()
    {
        using var second = new HostileClient13(_server) { Sessions = [Issued(), Issued()], Edit = Edits.FlipLast(HandshakeType.ClientHello) };
        second.SendHello();
        Assert.Null(second.Victim.Fault);
        Assert.Equal(0, second.Said<ServerHello>().SelectedIdentity!.Value);

        using var unusable = new HostileClient13(_server) { Sessions = [Unknown], Edit = Edits.FlipLast(HandshakeType.ClientHello) }.Connect();
        unusable.Connected();
        Assert.False(unusable.Resumes);
    }

    [Fact]
    public void Several_thousand_identities_cost_no_more_than_two_openings()
    {
        var tiny = Unknown with { Ticket = [1] };
        using var peer = new HostileClient13(_server) { Sessions = [.. Enumerable.Repeat(tiny, 1500)] }.Connect();

        peer.Connected();
        Assert.Equal(TicketRefusal.Malformed, peer.Victim.Connection.Info.TicketRefusal);
    }

    [Fact]
    public void A_resumed_handshake_needs_no_signature_algorithms()
    {
        using var peer = new HostileClient13(_server)
        {
            Sessions = [Issued()],
        };
        peer.SendHello(hello => hello.SignatureAlgorithms = null);
        peer.SendFinished();
        peer.Connected();
        Assert.True(peer.Resumes);

        using var full = new HostileClient13(_server) { Sessions = [Unknown] };
        full.SendHello(hello => hello.SignatureAlgorithms = null);
        full.Refused(TlsFault.MissingExtension, AlertDescription.MissingExtension);
    }

    private PeerSession13 Issued() => Issued(_server);

    private static PeerSession13 Issued(TlsServer server)
    {
        using var first = new HostileClient13(server).Connect();
        first.Connected();
        return first.NewSession;
    }
}
