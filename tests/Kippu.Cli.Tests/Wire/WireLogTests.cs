using Kippu.Cli.Wire;
using static Kippu.Cli.Tests.Wire.Sample;

namespace Kippu.Cli.Tests.Wire;

public sealed class WireLogTests
{
    private static readonly (bool FromClient, byte[] Bytes)[] s_wire =
    [
        (true, Record(22, ClientHello(SessionId, Ticket).Bytes)),
        (false, [.. Record(22, (byte[])[.. ServerHello(SessionId, promises: true).Bytes.Span, .. NewSessionTicket(Ticket).Bytes.Span]), .. Record(20, new byte[] { 1 }), .. Record(22, new byte[40])]),
        (true, [.. Record(20, new byte[] { 1 }), .. Record(22, new byte[40])]),
    ];

    [Fact]
    public void It_sees_records_messages_and_round_trips()
    {
        var log = Feed(int.MaxValue);

        Assert.Equal(["ClientHello", "ServerHello", "NewSessionTicket", "[ChangeCipherSpec]", "Finished", "[ChangeCipherSpec]", "Finished"], log.Items.Select(item => item.Name));
        Assert.Equal(6, log.Records.Count);
        Assert.Equal(1, log.RoundTrips);
        Assert.Equal(s_wire.Where(part => part.FromClient).Sum(part => part.Bytes.Length), log.BytesFromClient);
        Assert.Equal(s_wire[1].Bytes.Length, log.BytesFromServer);
        Assert.Equal("2", PatternInference.Infer(log.Items).Number);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(7), InlineData(64)]
    public void Where_the_network_cuts_makes_no_difference(int step)
    {
        var whole = Feed(int.MaxValue);
        var cut = Feed(step);

        Assert.Equal(whole.Items.Select(item => (item.FromClient, item.Name, item.Record, Convert.ToHexString(item.Bytes.Span))), cut.Items.Select(item => (item.FromClient, item.Name, item.Record, Convert.ToHexString(item.Bytes.Span))));
        Assert.Equal(whole.Records.Select(record => record.Length), cut.Records.Select(record => record.Length));
    }

    [Fact]
    public void A_message_over_several_records_is_one_message()
    {
        var log = new WireLog(TimeProvider.System);
        var hello = ClientHello(SessionId, Ticket).Bytes;
        log.Add(fromClient: true, Record(22, hello[..10]));
        log.Add(fromClient: true, Record(22, hello[10..]));

        var item = Assert.Single(log.Items);
        Assert.Equal(hello.ToArray(), item.Bytes.ToArray());
        Assert.Equal(1, item.Record);
    }

    [Fact]
    public void After_the_handshake_nothing_is_counted()
    {
        var log = Feed(int.MaxValue);
        var before = log.BytesFromClient;
        log.Freeze();
        log.Add(fromClient: true, Record(23, new byte[100]));

        Assert.Equal(before, log.BytesFromClient);
        Assert.Equal(6, log.Records.Count);
    }

    [Fact]
    public void Application_data_that_comes_with_the_last_flight_is_no_part_of_the_handshake()
    {
        var log = Feed(int.MaxValue);
        var before = (log.BytesFromServer, log.Records.Count, log.Items.Count);
        log.Add(fromClient: false, Record(23, new byte[4096]));

        Assert.Equal(before, (log.BytesFromServer, log.Records.Count, log.Items.Count));
    }

    [Fact]
    public void Alerts_are_read_in_clear_and_only_noticed_when_protected()
    {
        var log = new WireLog(TimeProvider.System);
        log.Add(fromClient: false, Record(21, new byte[] { 2, 40 }));
        log.Add(fromClient: false, Record(20, new byte[] { 1 }));
        log.Add(fromClient: false, Record(21, new byte[26]));

        Assert.Equal([WireKind.Alert, WireKind.ChangeCipherSpec, WireKind.ProtectedAlert], log.Items.Select(item => item.Kind));
    }

    private static WireLog Feed(int step)
    {
        var log = new WireLog(TimeProvider.System);
        foreach (var (fromClient, bytes) in s_wire)
        {
            for (var i = 0; i < bytes.Length; i += Math.Min(step, bytes.Length))
            {
                log.Add(fromClient, bytes.AsSpan(i, Math.Min(step, bytes.Length - i)));
            }
        }

        return log;
    }

    private static byte[] Record(byte type, ReadOnlyMemory<byte> content) => [type, 3, 3, (byte)(content.Length >> 8), (byte)content.Length, .. content.Span];
}
