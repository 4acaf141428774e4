using Kippu.Cli.Ladders;
using static Kippu.Cli.Tests.Wire.Sample;

namespace Kippu.Cli.Tests.Ladders;

public sealed class TicketFieldsTests
{
    [Fact]
    public void Extensions_and_the_message_are_shown_field_by_field()
    {
        byte[] ticket = [.. Enumerable.Range(0, 34).Select(i => (byte)i)];
        ticket[32] = 0;
        ticket[33] = 16;
        ticket = [.. ticket, .. Enumerable.Repeat((byte)0xEE, 16), .. Enumerable.Repeat((byte)0xFF, 32)];

        var groups = TicketFields.Of(Abbreviated(ClientHello(SessionId, Ticket), ServerHello(SessionId, promises: true), NewSessionTicket(ticket)));

        Assert.Equal(["SessionTicket extension in ClientHello", "SessionTicket extension in ServerHello", "NewSessionTicket"], groups.Select(group => group.Title));
        Assert.Equal(
            [
                ("msg_type", "0x04 (new_session_ticket, 4)"),
                ("length", "88 bytes"),
                ("ticket_lifetime_hint", "43200 s (12 h)"),
                ("ticket", "82 bytes"),
                ("  key_name", "000102030405060708090a0b0c0d0e0f"),
                ("    key id", "0001020304050607  (as Kippu has it: which key of the ring)"),
                ("    scope tag", "08090a0b0c0d0e0f  (which version and scope)"),
                ("  iv", "101112131415161718191a1b1c1d1e1f"),
                ("  encrypted_state", "16 bytes: eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"),
                ("  mac", string.Concat(Enumerable.Repeat("ff", 32))),
            ],
            groups[2].Fields.Select(field => (field.Name, field.Value)));
        Assert.Contains(groups[0].Fields, field => field is { Name: "extension_type", Value: "0x0023 (session_ticket, 35)" });
        Assert.Contains(groups[0].Fields, field => field is { Name: "length", Value: "194 bytes" });
        Assert.Contains(groups[1].Fields, field => field is { Name: "length", Value: "0 bytes" });
    }

    [Fact]
    public void A_ticket_of_another_layout_is_opaque()
    {
        var fields = TicketFields.OfTicket(new byte[] { 1, 2, 3 });

        Assert.Equal(("  (opaque)", "010203"), (fields[0].Name, fields[0].Value));
    }

    [Fact]
    public void A_hello_without_the_extension_has_nothing_to_show() => Assert.Empty(TicketFields.Of(Abbreviated(ClientHello(SessionId), ServerHello(SessionId))));
}
