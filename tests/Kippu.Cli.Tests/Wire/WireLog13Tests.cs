using Kippu.Cli.Wire;
using static Kippu.Cli.Tests.Wire.Sample13;

namespace Kippu.Cli.Tests.Wire;

public sealed class WireLog13Tests
{
    [Fact]
    public void A_ChangeCipherSpec_for_middleboxes_hides_nothing_of_what_follows()
    {
        var log = Log([.. Client(Clear(ClientHello()), ChangeCipherSpec()), .. Server(Clear(HelloRetryRequest()), ChangeCipherSpec()), .. Client(Clear(ClientHello())), .. Server(Clear(ServerHello()), Encrypted())]);

        Assert.Equal(
            ["ClientHello", "[ChangeCipherSpec]", "HelloRetryRequest", "[ChangeCipherSpec]", "ClientHello", "ServerHello", "(encrypted)"],
            log.Items.Select(item => item.Name));
        Assert.Equal(2, log.RoundTrips);
        Assert.True(log.IsTls13);
    }

    [Fact]
    public void The_first_flight_is_kept_byte_for_byte_with_its_early_data()
    {
        byte[] flight = [.. Clear(ClientHello(psk: true, earlyData: true)), .. ChangeCipherSpec(), .. Encrypted(5)];

        var log = Log([.. Client(flight[..100]), .. Client(flight[100..]), .. Server(Clear(ServerHello(0)), Encrypted()), .. Client(Encrypted())]);

        Assert.Equal(flight, log.FirstFlight);
        Assert.Equal(["ClientHello", "[ChangeCipherSpec]", "(early data)", "ServerHello", "(encrypted)", "(encrypted)"], log.Items.Select(item => item.Name));
        Assert.Equal(1, log.RoundTrips);
    }

    [Fact]
    public void What_the_server_sends_after_the_clients_last_word_is_no_part_of_the_handshake()
    {
        (bool, byte[])[] handshake = [.. Client(Clear(ClientHello())), .. Server(Clear(ServerHello()), Encrypted()), .. Client(Encrypted())];

        var (client, server) = (Log(handshake), Log([.. handshake, .. Server(Encrypted(200), Encrypted(200))]));

        Assert.Equal(client.BytesFromServer, server.BytesFromServer);
        Assert.Equal(client.Records.Count, server.Records.Count);
        Assert.Equal(client.Items.Count, server.Items.Count);
    }
}
