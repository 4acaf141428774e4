using System.Security.Cryptography;
using Kippu.Resumption;
using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>Tickets that were cut, altered or made up: each costs one full handshake, has its reason, and does no other harm.</summary>
public sealed class TicketDamageTests
{
    private const int KeyIdEnd = 8;
    private const int ScopeTagEnd = 16;
    private const int IvEnd = 32;
    private const int LengthEnd = 34;

    private static readonly TlsServer s_server = TestServers.Server(TestServers.Clock(), TestServers.WithSessionCache);
    private static readonly PeerSession s_session = Session();

    [Fact]
    public void The_ticket_itself_is_good()
    {
        using var peer = new HostileClient(s_server) { Session = s_session }.Connect();

        peer.Connected();
        Assert.True(peer.Resumes);
    }

    [Fact]
    public void A_ticket_cut_off_at_any_byte_is_malformed()
    {
        for (var length = 1; length < s_session.Ticket!.Length; length++)
        {
            AssertRefused(s_session.Ticket[..length], TicketRefusal.Malformed);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(128)]
    public void A_ticket_with_bytes_too_many_is_malformed(int count) => AssertRefused([.. s_session.Ticket!, .. new byte[count]], TicketRefusal.Malformed);

    [Fact]
    public void A_bit_changed_in_any_byte_is_noticed_and_the_reason_is_right()
    {
        for (var i = 0; i < s_session.Ticket!.Length; i++)
        {
            var ticket = s_session.Ticket.ToArray();
            ticket[i] ^= (byte)(1 << (i % 8));
            AssertRefused(ticket, ReasonAt(i));
        }
    }

    [Fact]
    public void Every_single_bit_counts()
    {
        for (var bit = 0; bit < s_session.Ticket!.Length * 8; bit++)
        {
            var ticket = s_session.Ticket.ToArray();
            ticket[bit / 8] ^= (byte)(1 << (bit % 8));
            using var peer = new HostileClient(s_server) { Session = s_session with { Ticket = ticket } };
            peer.SendHello();

            Assert.False(peer.Resumes);
            Assert.True(peer.HasSaid(HandshakeType.ServerHelloDone));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(TicketCipher.HeaderLength + TicketCipher.MacLength)]
    [InlineData(200)]
    [InlineData(16 * 1024)]
    [InlineData(65_300)]
    public void Random_bytes_are_no_ticket(int length) => AssertRefused(RandomNumberGenerator.GetBytes(length), TicketRefusal.Malformed);

    [Fact]
    public void Random_bytes_of_the_right_form_name_an_unknown_key()
    {
        var ticket = RandomNumberGenerator.GetBytes(s_session.Ticket!.Length);
        s_session.Ticket.AsSpan(IvEnd, 2).CopyTo(ticket.AsSpan(IvEnd));

        AssertRefused(ticket, TicketRefusal.UnknownKey);
    }

    [Fact]
    public void A_ticket_of_the_good_name_with_random_content_is_altered()
    {
        var ticket = RandomNumberGenerator.GetBytes(s_session.Ticket!.Length);
        s_session.Ticket.AsSpan(0, ScopeTagEnd).CopyTo(ticket);
        s_session.Ticket.AsSpan(IvEnd, 2).CopyTo(ticket.AsSpan(IvEnd));

        AssertRefused(ticket, TicketRefusal.BadMac);
    }

    [Fact]
    public void Two_tickets_cannot_be_made_into_a_third()
    {
        var other = Session();
        foreach (var cut in new[] { IvEnd, LengthEnd, 100, s_session.Ticket!.Length - TicketCipher.MacLength })
        {
            AssertRefused([.. s_session.Ticket![..cut], .. other.Ticket![cut..]], TicketRefusal.BadMac);
        }
    }

    [Fact]
    public void A_good_ticket_with_another_secret_fails_at_the_first_record()
    {
        // Who has stolen a ticket, but not the secret that it holds.
        using var peer = new HostileClient(s_server) { Session = s_session with { MasterSecret = RandomNumberGenerator.GetBytes(48) } };
        peer.Victim.Answer = null;
        Assert.ThrowsAny<Exception>(() => peer.SendHello());
        peer.Victim.Receive(PeerRecords.Clear(20, 0x0303, 1, [1]));
        peer.Victim.Receive(PeerRecords.Clear(22, 0x0303, 40, RandomNumberGenerator.GetBytes(40)));

        Assert.Equal(TlsFault.BadRecordMac, peer.Victim.Fault!.Fault);
        Assert.False(peer.Victim.Connection.IsConnected);
    }

    private static TicketRefusal ReasonAt(int index) => index switch
    {
        < KeyIdEnd => TicketRefusal.UnknownKey,
        < ScopeTagEnd => TicketRefusal.WrongScope,
        < IvEnd => TicketRefusal.BadMac,
        < LengthEnd => TicketRefusal.Malformed,
        _ => TicketRefusal.BadMac,
    };

    private static void AssertRefused(byte[] ticket, TicketRefusal reason)
    {
        using var peer = new HostileClient(s_server) { Session = s_session with { Ticket = ticket } }.Connect();

        peer.Connected();
        Assert.False(peer.Resumes);
        Assert.Equal(reason, peer.Victim.Connection.Info.TicketRefusal);
        Assert.False(peer.Victim.Connection.Info.IsResumed);
        Assert.True(peer.Victim.Connection.Info.NewTicket);
    }

    private static PeerSession Session()
    {
        using var first = new HostileClient(s_server).Connect();
        first.Connected();
        return first.NewSession;
    }
}
