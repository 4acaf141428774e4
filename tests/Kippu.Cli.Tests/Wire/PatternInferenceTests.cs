using CsCheck;
using Kippu.Cli.Wire;
using static Kippu.Cli.Tests.Wire.Sample;

namespace Kippu.Cli.Tests.Wire;

public sealed class PatternInferenceTests
{
    [Fact]
    public void Pattern_1_is_an_empty_extension_a_promise_and_a_ticket() =>
        Is("1: full, ticket issued", Full(ClientHello(ticket: []), ServerHello(promises: true), NewSessionTicket(Ticket)));

    [Fact]
    public void Pattern_2_is_an_accepted_ticket_and_a_new_one() =>
        Is("2: abbreviated, ticket renewed", Abbreviated(ClientHello(SessionId, Ticket), ServerHello(SessionId, promises: true), NewSessionTicket(Ticket)));

    [Fact]
    public void Pattern_2b_is_an_accepted_ticket_and_no_new_one() =>
        Is("2b: abbreviated, ticket kept", Abbreviated(ClientHello(SessionId, Ticket), ServerHello(SessionId)));

    [Fact]
    public void Pattern_3_is_a_ticket_and_a_full_handshake_without_another() =>
        Is("3: full, ticket refused, none issued", Full(ClientHello(SessionId, Ticket), ServerHello()));

    [Fact]
    public void Pattern_4_is_a_ticket_and_a_full_handshake_with_another() =>
        Is("4: full, ticket refused, new one issued", Full(ClientHello(SessionId, Ticket), ServerHello(promises: true), NewSessionTicket(Ticket)));

    [Fact]
    public void Pattern_5_is_the_same_session_ID_without_the_extension() =>
        Is("5: abbreviated, by session ID", Abbreviated(ClientHello(SessionId), ServerHello(SessionId)));

    [Fact]
    public void Pattern_5b_is_the_same_session_ID_with_an_empty_extension()
    {
        Is("5b: abbreviated, by session ID, ticket wanted (none was issued)", Abbreviated(ClientHello(SessionId, []), ServerHello(SessionId)));
        Is(
            "5b: abbreviated, by session ID, ticket wanted (one was issued)",
            Abbreviated(ClientHello(SessionId, []), ServerHello(SessionId, promises: true), NewSessionTicket(Ticket)));
    }

    [Fact]
    public void A_zero_length_ticket_is_a_pattern_of_its_own_whatever_was_offered()
    {
        Is("zero: full, zero-length ticket", Full(ClientHello(ticket: []), ServerHello(promises: true), NewSessionTicket()));
        Is("zero: full, zero-length ticket", Full(ClientHello(SessionId, Ticket), ServerHello(promises: true), NewSessionTicket()));
    }

    [Fact]
    public void Full_handshakes_without_a_ticket_tell_whether_one_was_asked_for()
    {
        Is("full, without tickets", Full(ClientHello(), ServerHello(SessionId)));
        Is("full, ticket asked for, none issued", Full(ClientHello(ticket: []), ServerHello()));
    }

    [Fact]
    public void What_no_RFC_allows_is_irregular()
    {
        Is("irregular (the server promised a NewSessionTicket and sent none)", Full(ClientHello(ticket: []), ServerHello(promises: true)));
        Is("irregular (the server sent a NewSessionTicket that it had not promised)", Full(ClientHello(ticket: []), ServerHello(), NewSessionTicket(Ticket)));
        Is("irregular (the server sends a SessionTicket extension that the client did not)", Full(ClientHello(), ServerHello(promises: true), NewSessionTicket(Ticket)));
        Is("irregular (an abbreviated handshake under another session ID)", Abbreviated(ClientHello(SessionId, Ticket), ServerHello()));
        Is("irregular (the ServerHello cannot be read)", [ClientHello(), new WireItem(false, WireKind.Handshake, HandshakeType.ServerHello, new byte[20], 0)]);
    }

    [Fact]
    public void A_handshake_that_stopped_is_incomplete_and_says_where()
    {
        Is("incomplete (nothing was sent)", []);
        Is("incomplete (it ended with ServerHelloDone from the server)", [.. Full(ClientHello(), ServerHello()).Take(5)]);
        Is("incomplete (it ended with the alert HandshakeFailure from the server)", [ClientHello(), new WireItem(false, WireKind.Alert, default, new byte[] { 2, 40 }, 1)]);
    }

    [Fact]
    public void No_bytes_make_it_throw() => Gen.Byte.Array.Select(Gen.Bool, Gen.Enum<HandshakeType>()).List[0, 6].Sample(messages =>
        PatternInference.Infer([.. messages.Select(message => new WireItem(message.Item2, WireKind.Handshake, message.Item3, message.Item1, 0)), .. Closing(true), .. Closing(false)]) is not null);

    private static void Is(string expected, IReadOnlyList<WireItem> items) => Assert.Equal(expected, PatternInference.Infer(items).ToString());
}
