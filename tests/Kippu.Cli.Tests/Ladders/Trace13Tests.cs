using Kippu.Cli.Ladders;
using Kippu.Cli.Output;
using Kippu.Cli.Tests.Wire;
using Kippu.Cli.Tls;
using Kippu.Cli.Wire;
using static Kippu.Cli.Tests.Wire.Sample13;

namespace Kippu.Cli.Tests.Ladders;

/// <summary>The ladder of figure 4 of RFC 8446, and what stands beside it.</summary>
public sealed class Trace13Tests
{
    private static readonly (bool FromClient, byte[] Bytes)[] s_firstFlight = Client(Clear(ClientHello(psk: true, earlyData: true)), ChangeCipherSpec(), Encrypted(5));
    private static readonly (bool FromClient, byte[] Bytes)[] s_serverFlight = Server(Clear(ServerHello(0)), ChangeCipherSpec(), Encrypted(10), Encrypted());

    [Fact]
    public void Early_data_looks_as_figure_4_of_RFC_8446() => Assert.Equal(
        """
             ms   bytes  Client                                                            Server

           0.00     373  ClientHello
                         + key_share: x25519
                         + early_data
                         + pre_shared_key: 194 bytes
                             key 00000000.., scope 00000000..
                             age 0x12345678, binder bbbbbbbb..
           0.00       1  ChangeCipherSpec
           0.00       5  (Application Data)
                         (5 bytes)                             -------->
           0.50     128                                                               ServerHello
                                                                              + key_share: x25519
                                                               + pre_shared_key: takes identity 0
           0.75      10                                                     {EncryptedExtensions}
                                                                                     + early_data
           1.00      36                                        <--------               {Finished}
           1.25       4  (EndOfEarlyData)
           1.50      36  {Finished}                            -------->
           1.75     220                                                        [NewSessionTicket]
                                                                     (ticket: 194 bytes, 43200 s)
                                                         <-------- + early_data: up to 4096 bytes
                         [Application Data]                    <------->       [Application Data]
        """,
        string.Join('\n', Ladder.Draw(Accepted().Messages.Select(WithoutWireTime).ToArray(), 89).Select(line => line.ToString())));

    [Fact]
    public void The_pattern_says_what_it_rests_on()
    {
        var text = string.Join('\n', Accepted().LadderLines(90).Select(line => line.ToString()));

        Assert.Contains("  pattern      0rtt-accepted: resumed by PSK, early data accepted\n", text, StringComparison.Ordinal);
        Assert.Contains("  in the clear pre_shared_key in both hellos; early_data in the ClientHello, 1 record of it\n", text, StringComparison.Ordinal);
        Assert.Contains("  decrypted    no certificate; early_data in EncryptedExtensions: accepted; 1 ticket after the handshake\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Refused_early_data_is_seen_on_the_wire_though_no_engine_tells_of_it()
    {
        var trace = new HandshakeTrace(
            [Step(0, true, ClientHello(psk: true, earlyData: true)), Step(1, false, ServerHello(0)), Step(2, false, EncryptedExtensions()), Step(3, false, Finished()), ClientChangeCipherSpec(4)],
            Log([.. s_firstFlight, .. s_serverFlight]));

        Assert.Equal(HandshakePattern.FirstFlightRefused, trace.Pattern.Pattern);
        Assert.Equal(EarlyDataOutcome.Refused, trace.EarlyData);
        Assert.Equal(["ClientHello", "ChangeCipherSpec", "(Application Data)", "ServerHello", "{EncryptedExtensions}", "{Finished}"], trace.Messages.Select(message => message.Name));
    }

    [Fact]
    public void Early_data_stands_before_its_end_also_where_it_is_told_of_later()
    {
        var notation = TraceNotation.Of(
            [Step(0, true, ClientHello(psk: true, earlyData: true)), Step(1, false, ServerHello(0)), Step(2, true, EndOfEarlyData()), Step(3, true, Finished()), EarlyData(5), EarlyData(7)]);

        Assert.Equal(["ClientHello", "ServerHello", "(Application Data)", "(EndOfEarlyData)", "{Finished}"], notation.Select(message => message.Name));
        Assert.Equal(12, notation[2].Length);
    }

    [Fact]
    public void The_farewell_is_no_part_of_a_handshake_but_any_other_alert_is()
    {
        TraceMessage[] handshake = [Step(0, true, ClientHello()), Step(1, false, ServerHello()), Step(2, false, EncryptedExtensions()), Step(3, false, Finished()), Step(4, true, Finished())];

        var after = TraceNotation.Of([.. handshake, Alert(AlertDescription.CertificateRequired, true), Alert(AlertDescription.CloseNotify, false)]);
        var during = TraceNotation.Of([.. handshake[..4], Alert(AlertDescription.CloseNotify, false)]);

        Assert.Equal("[Alert: fatal CertificateRequired]", after[^1].Name);
        Assert.Equal("[Alert: CloseNotify]", during[^1].Name);
    }

    [Fact]
    public void Pre_shared_keys_and_tickets_are_shown_field_by_field()
    {
        var groups = Accepted().Fields;

        Assert.Equal(
            [
                "early_data extension in ClientHello", "pre_shared_key extension in ClientHello", "pre_shared_key extension in ServerHello", "early_data extension in EncryptedExtensions", "NewSessionTicket",
            ],
            groups.Select(group => group.Title));
        Assert.Equal(
            ["extension_type", "length", "identity 0", "  key_name", "    key id", "    scope tag", "  iv", "  encrypted_state", "  mac", "  obfuscated_ticket_age", "  binder"],
            groups[1].Fields.Select(field => field.Name));
        Assert.Contains(groups[1].Fields, field => field is { Name: "  obfuscated_ticket_age", Value: "0x12345678 (the age in ms + ticket_age_add, modulo 2^32)" });
        Assert.Contains(groups[4].Fields, field => field is { Name: "ticket_lifetime", Value: "43200 s (12 h)" });
        Assert.Contains(groups[4].Fields, field => field is { Name: "ticket_age_add", Value: "0xaabbccdd" });
        Assert.Contains(groups[4].Fields, field => field is { Name: "ticket_nonce", Value: "07" });
        Assert.Contains(groups[4].Fields, field => field is { Name: "max_early_data_size", Value: "4096 bytes" });
    }

    [Fact]
    public void A_HelloRetryRequest_is_shown_by_its_name_and_with_what_it_asks_for()
    {
        var trace = new HandshakeTrace(
            [Step(0, true, ClientHello()), Step(1, false, HelloRetryRequest())],
            Log([.. Client(Clear(ClientHello())), .. Server(Clear(HelloRetryRequest()))]));

        Assert.Equal("HelloRetryRequest", trace.Messages[1].Name);
        Assert.Contains("+ key_share: asks for secp384r1", string.Join('\n', trace.LadderLines(90)), StringComparison.Ordinal);
        Assert.Contains(trace.Fields.Single().Fields, field => field is { Name: "selected_group", Value: "0x0018 (secp384r1)" });
    }

    [Theory, InlineData(72), InlineData(80), InlineData(100)]
    public void No_line_is_wider_than_the_terminal(int width) => Assert.All(Ladder.Draw(Accepted().Messages, width), line => Assert.InRange(line.Length, 0, width));

    private static HandshakeTrace Accepted() => new(
        [
            Step(0, true, ClientHello(psk: true, earlyData: true)),
            ClientChangeCipherSpec(0),
            EarlyData(5),
            Step(2, false, ServerHello(0)),
            Step(3, false, EncryptedExtensions(earlyData: true)),
            Step(4, false, Finished()),
            Step(5, true, EndOfEarlyData()),
            Step(6, true, Finished()),
            Step(7, false, NewSessionTicket(4096)),
        ],
        Log([.. s_firstFlight, .. s_serverFlight, .. Client(Encrypted(4), Encrypted())]));

    // What is taken from the wire has the time at which this test wrote it there.
    private static TraceMessage WithoutWireTime(TraceMessage message) =>
        message.Kind is TraceKind.EarlyData or TraceKind.ChangeCipherSpec ? message with { Time = TimeSpan.Zero } : message;

    private static TraceMessage Step(int index, bool fromClient, byte[] message) => new()
    {
        FromClient = fromClient,
        Kind = TraceKind.Handshake,
        Type = (HandshakeType)message[0],
        Bytes = message,
        IsProtected = (HandshakeType)message[0] is not (HandshakeType.ClientHello or HandshakeType.ServerHello),
        Time = TimeSpan.FromMilliseconds(index / 4.0),
    };

    private static TraceMessage EarlyData(int length) => new() { FromClient = true, Kind = TraceKind.EarlyData, Length = length, IsProtected = true };

    private static TraceMessage ClientChangeCipherSpec(int index) =>
        new() { FromClient = true, Kind = TraceKind.ChangeCipherSpec, Bytes = new byte[] { 1 }, Time = TimeSpan.FromMilliseconds(index / 4.0) };

    private static TraceMessage Alert(AlertDescription alert, bool isFatal) =>
        new() { FromClient = false, Kind = TraceKind.Alert, Alert = alert, IsFatal = isFatal, IsProtected = true, Bytes = new byte[] { 2, (byte)alert } };
}
