using Kippu.Cli.Ladders;
using Kippu.Cli.Output;
using Kippu.Cli.Tests.Wire;
using Kippu.Cli.Wire;
using static Kippu.Cli.Tests.Wire.Sample;

namespace Kippu.Cli.Tests.Ladders;

public sealed class LadderTests
{
    [Fact]
    public void A_full_handshake_looks_as_figure_1_of_RFC_5077() => Looks(
        """
             ms   bytes  Client                                                            Server

           0.00      55  ClientHello
                         (empty SessionTicket extension) -------->
           0.25      52                                                               ServerHello
                                                                  (empty SessionTicket extension)
           0.50       4                                                               Certificate
           0.75       4                                                         ServerKeyExchange
           1.00       4                                  <--------                ServerHelloDone
           1.25       4  ClientKeyExchange
           1.50       1  [ChangeCipherSpec]
           1.75      16  Finished                        -------->
           2.00     204                                                          NewSessionTicket
                                                                     (ticket: 194 bytes, 43200 s)
           2.25       1                                                        [ChangeCipherSpec]
           2.50      16                                  <--------                       Finished
                         Application Data                <------->               Application Data
        """,
        Full(ClientHello(ticket: []), ServerHello(promises: true), NewSessionTicket(Ticket)));

    [Fact]
    public void A_renewed_ticket_looks_as_figure_2_of_RFC_5077() => Looks(
        """
             ms   bytes  Client                                                            Server

           0.00     281  ClientHello
                         (session ID a0a1a2a3..)
                         (SessionTicket extension, 194 bytes) -------->
           0.25      84                                                               ServerHello
                                                                     (same session ID a0a1a2a3..)
                                                                  (empty SessionTicket extension)
           0.50     204                                                          NewSessionTicket
                                                                     (ticket: 194 bytes, 43200 s)
           0.75       1                                                        [ChangeCipherSpec]
           1.00      16                                       <--------                  Finished
           1.25       1  [ChangeCipherSpec]
           1.50      16  Finished                             -------->
                         Application Data                     <------->          Application Data
        """,
        Abbreviated(ClientHello(SessionId, Ticket), ServerHello(SessionId, promises: true), NewSessionTicket(Ticket)));

    [Theory, InlineData(40), InlineData(72), InlineData(80), InlineData(100), InlineData(400)]
    public void No_line_is_wider_than_the_terminal_as_long_as_it_has_72_columns(int width)
    {
        var lines = Ladder.Draw(Traced(Abbreviated(ClientHello(SessionId, Ticket), ServerHello(SessionId, promises: true), NewSessionTicket(Ticket))), width);

        Assert.All(lines, line => Assert.InRange(line.Length, 0, Math.Max(width, 72)));
    }

    [Fact]
    public void A_handshake_that_failed_ends_with_its_alert()
    {
        IReadOnlyList<TraceMessage> messages =
        [
            .. Traced([ClientHello()]),
            new TraceMessage { FromClient = false, Kind = TraceKind.Alert, Alert = AlertDescription.HandshakeFailure, IsFatal = true, Bytes = new byte[] { 2, 40 } },
        ];

        var text = Text(Ladder.Draw(messages, 89, isComplete: false));

        Assert.Contains("<--------   Alert: fatal HandshakeFailure", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Application Data", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zero_length_ticket_is_called_so() => Assert.Contains(
        "(zero-length ticket)", Text(Ladder.Draw(Traced(Full(ClientHello(ticket: []), ServerHello(promises: true), NewSessionTicket())), 89)), StringComparison.Ordinal);

    private static void Looks(string expected, IReadOnlyList<WireItem> items) => Assert.Equal(expected, Text(Ladder.Draw(Traced(items), 89)));

    private static string Text(IReadOnlyList<Line> lines) => string.Join('\n', lines.Select(line => line.ToString()));
}
