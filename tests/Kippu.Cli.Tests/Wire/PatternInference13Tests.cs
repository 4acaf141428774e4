using CsCheck;
using Kippu.Cli.Wire;
using static Kippu.Cli.Tests.Wire.Sample13;

namespace Kippu.Cli.Tests.Wire;

public sealed class PatternInference13Tests
{
    private static readonly (bool FromClient, byte[] Bytes)[] s_retry = [.. Server(Clear(HelloRetryRequest()), ChangeCipherSpec())];
    private static readonly (bool FromClient, byte[] Bytes)[] s_answer = [.. Client(ChangeCipherSpec(), Encrypted())];

    [Fact]
    public void Figure_1_has_no_pre_shared_key() =>
        Is("full: TLS 1.3, without PSK", "no pre_shared_key", [.. Client(Clear(ClientHello())), .. Flight(), .. s_answer]);

    [Fact]
    public void Figure_3_has_pre_shared_key_in_both_hellos() =>
        Is("psk: resumed by PSK", "pre_shared_key in both hellos", [.. Client(Clear(ClientHello(psk: true))), .. Flight(identity: 0), .. s_answer]);

    [Fact]
    public void A_refused_PSK_is_in_the_ClientHello_only() =>
        Is("psk-refused: PSK refused, full", "pre_shared_key in the ClientHello only", [.. Client(Clear(ClientHello(psk: true))), .. Flight(), .. s_answer]);

    [Fact]
    public void Figure_2_has_the_random_of_a_HelloRetryRequest_with_and_without_PSK()
    {
        Is(
            "hrr: HelloRetryRequest, without PSK",
            "the random of a HelloRetryRequest; no pre_shared_key",
            [.. Client(Clear(ClientHello())), .. s_retry, .. Client(ChangeCipherSpec(), Clear(ClientHello(group: 0x18))), .. Flight(), .. s_answer]);
        Is(
            "hrr-psk: HelloRetryRequest, resumed by PSK (the early data is lost by the HelloRetryRequest)",
            "the random of a HelloRetryRequest; pre_shared_key in both hellos; early_data in the ClientHello, 1 record of it",
            [.. Client(Clear(ClientHello(psk: true, earlyData: true)), ChangeCipherSpec(), Encrypted(5)), .. s_retry, .. Client(Clear(ClientHello(psk: true, group: 0x18))), .. Flight(identity: 0), .. s_answer]);
    }

    [Fact]
    public void Whether_early_data_was_accepted_is_left_open_and_decided_by_who_has_the_keys()
    {
        var inferred = Is(
            "0rtt: resumed by PSK, with early data",
            "pre_shared_key in both hellos; early_data in the ClientHello, 2 records of it",
            [.. Client(Clear(ClientHello(psk: true, earlyData: true)), ChangeCipherSpec(), Encrypted(5), Encrypted(7)), .. Flight(identity: 0), .. s_answer]);

        Assert.Equal(HandshakePattern.EarlyDataAccepted, PatternInference13.Decide(inferred, accepted: true, isFinished: true).Pattern);
        Assert.Equal(HandshakePattern.EarlyDataRefused, PatternInference13.Decide(inferred, accepted: false, isFinished: true).Pattern);
        Assert.Equal(HandshakePattern.FirstFlightRefused, PatternInference13.Decide(inferred, accepted: false, isFinished: false).Pattern);
        Assert.Equal(inferred, PatternInference13.Decide(inferred, accepted: null, isFinished: null));
    }

    [Fact]
    public void Early_data_is_lost_with_the_PSK() => Is(
        "psk-refused: PSK refused, full (the early data is lost with the PSK)",
        "pre_shared_key in the ClientHello only; early_data in the ClientHello, 1 record of it",
        [.. Client(Clear(ClientHello(psk: true, earlyData: true)), Encrypted(5)), .. Flight(), .. s_answer]);

    [Fact]
    public void A_first_flight_that_is_not_followed_up_is_told_apart()
    {
        (bool, byte[])[] flight = Client(Clear(ClientHello(psk: true, earlyData: true)), ChangeCipherSpec(), Encrypted(5));

        var inferred = Is("flight: a first flight alone, with early data", null, [.. flight, .. Flight(identity: 0)]);

        Assert.Equal(HandshakePattern.FirstFlightAccepted, PatternInference13.Decide(inferred, accepted: true, isFinished: false).Pattern);
        Is("flight-refused: a first flight alone, early data refused", null, [.. flight, .. Flight()]);
    }

    [Fact]
    public void A_handshake_that_stopped_is_incomplete_and_says_where()
    {
        Is("incomplete (it ended with (encrypted) from the server)", null, [.. Client(Clear(ClientHello())), .. Flight()]);
        Is("incomplete (it ended with [ChangeCipherSpec] from the server)", null, [.. Client(Clear(ClientHello())), .. s_retry]);
        Is("incomplete (the client answered with an alert, by its length)", null, [.. Client(Clear(ClientHello())), .. Flight(), .. Client(Encrypted(2))]);
    }

    [Fact]
    public void What_RFC_8446_does_not_allow_is_irregular()
    {
        Is("irregular (the server takes a PSK that the client did not offer)", null, [.. Client(Clear(ClientHello())), .. Flight(identity: 0), .. s_answer]);
        Is("irregular (the server takes a PSK that the client did not offer)", null, [.. Client(Clear(ClientHello(psk: true))), .. Flight(identity: 1), .. s_answer]);
        Is("irregular (the client sends early data that its ClientHello does not announce)", null, [.. Client(Clear(ClientHello(psk: true)), Encrypted(5)), .. Flight(identity: 0), .. s_answer]);
        Is(
            "irregular (the second ClientHello has early_data again)",
            null,
            [.. Client(Clear(ClientHello(psk: true, earlyData: true))), .. s_retry, .. Client(Clear(ClientHello(psk: true, earlyData: true))), .. Flight(identity: 0), .. s_answer]);
        Is(
            "irregular (the server asks for another ClientHello twice)",
            null,
            [.. Client(Clear(ClientHello())), .. s_retry, .. Client(Clear(ClientHello())), .. s_retry, .. Client(Clear(ClientHello())), .. Flight(), .. s_answer]);
    }

    [Fact]
    public void No_bytes_make_it_throw() => Gen.Byte.Array.Select(Gen.Bool, Gen.Enum<HandshakeType>(), Gen.Enum<WireKind>()).List[0, 6].Sample(messages =>
        PatternInference.Infer(
        [
            new WireItem(false, WireKind.Handshake, HandshakeType.ServerHello, ServerHello(), 0),
            .. messages.Select(message => new WireItem(message.Item2, message.Item4, message.Item3, message.Item1, 0)),
        ]) is not null);

    private static (bool FromClient, byte[] Bytes)[] Flight(ushort? identity = null) => Server(Clear(ServerHello(identity)), ChangeCipherSpec(), Encrypted(6), Encrypted());

    private static InferredPattern Is(string expected, string? evidence, (bool FromClient, byte[] Bytes)[] passed)
    {
        var inferred = PatternInference.Infer(Log(passed).Items);
        Assert.Equal(expected, inferred.ToString());
        if (evidence is not null)
        {
            Assert.Equal(evidence, inferred.Evidence);
        }

        return inferred;
    }
}
