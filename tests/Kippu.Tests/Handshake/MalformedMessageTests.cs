using Kippu.Tests.Handshake.Peers;
using Kippu.Tests.Wire.Messages;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>Every handshake message cut short, lengthened, and with each of its lengths wrong both ways, in a handshake that is right in all else.</summary>
public sealed class MalformedMessageTests
{
    public static TheoryData<bool, HandshakeType> Messages => Conversations.Messages;

    [Theory]
    [MemberData(nameof(Messages))]
    public void Nothing_is_wrong_with_the_conversation_itself(bool victimIsServer, HandshakeType type) => Assert.NotNull(Conversations.Sample(victimIsServer, type));

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_length_that_says_too_much_or_too_little_is_a_decode_error(bool victimIsServer, HandshakeType type)
    {
        var sample = Conversations.Sample(victimIsServer, type);
        var lengths = MessageShapes.Of(type).LengthsIn(sample);
        Assert.Equal(type is HandshakeType.Finished or HandshakeType.ServerHelloDone, lengths.Count == 0);
        foreach (var length in lengths)
        {
            foreach (var change in new[] { -1, 1, int.MinValue, int.MaxValue })
            {
                var wrong = Math.Clamp(length.In(sample) + (long)change, 0, length.Max);
                if (wrong == length.In(sample))
                {
                    continue;
                }

                // Each handshake makes its own message; the lengths of ours stand in the same places, but for signatures, which vary in length.
                using var peer = Conversations.Run(victimIsServer, Edits.Body(type, body => Spoil(type, body, length, change)));

                AssertMalformed(peer, type, length, sample);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_body_that_ends_too_soon_is_a_decode_error(bool victimIsServer, HandshakeType type)
    {
        var sample = Conversations.Sample(victimIsServer, type);
        var cuts = sample.Length < 100 ? Enumerable.Range(0, sample.Length) : Enumerable.Range(0, 40).Concat(Enumerable.Range(1, 40).Select(i => sample.Length - i));
        foreach (var cut in cuts.Where(cut => !IsHelloWithoutExtensions(type, sample, cut)))
        {
            using var peer = Conversations.Run(victimIsServer, Edits.Body(type, body => body[..Math.Min(cut, body.Length - 1)]));
            peer.Refused(TlsFault.MalformedMessage, AlertDescription.DecodeError);
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_body_with_a_byte_too_many_is_a_decode_error(bool victimIsServer, HandshakeType type)
    {
        using var peer = Conversations.Run(victimIsServer, Edits.Body(type, body => [.. body, 0]));

        peer.Refused(TlsFault.MalformedMessage, AlertDescription.DecodeError);
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_header_that_says_too_little_is_a_decode_error(bool victimIsServer, HandshakeType type)
    {
        using var peer = Conversations.Run(victimIsServer, (sent, raw) => sent == type ? Header(raw, raw.Length - HandshakeMessage.HeaderLength - 1) : raw);
        if (type == HandshakeType.ServerHelloDone)
        {
            return; // an empty body cannot be shorter
        }

        peer.Refused(TlsFault.MalformedMessage, AlertDescription.DecodeError);
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_header_that_says_too_much_makes_the_victim_wait_and_then_fail(bool victimIsServer, HandshakeType type)
    {
        using var peer = Conversations.Run(victimIsServer, (sent, raw) => sent == type ? Header(raw, raw.Length - HandshakeMessage.HeaderLength + 1) : raw);
        if (peer.Victim.Fault is null)
        {
            // It waits for one byte more, and nothing follows.
            Assert.False(peer.Victim.Connection.IsConnected);
            peer.HangUp();
            peer.Silent(TlsFault.Truncated);
            return;
        }

        // What followed was taken for the missing byte, or keys changed in the middle of the message.
        Assert.True(peer.Victim.Fault.Fault is TlsFault.MalformedMessage or TlsFault.MessageAcrossKeyChange, peer.Victim.Fault.Message);
    }

    [Theory]
    [InlineData(HandshakeType.Certificate, (128 * 1024) + 1)]
    [InlineData(HandshakeType.ClientHello, (65 * 1024) + 1)]
    [InlineData(HandshakeType.ServerHello, (65 * 1024) + 1)]
    [InlineData(HandshakeType.Finished, 0xFFFFFF)]
    [InlineData((HandshakeType)99, 0xFFFFFF)]
    public void A_message_that_is_too_long_is_refused_by_its_header(HandshakeType type, int length)
    {
        byte[] header = [(byte)type, (byte)(length >> 16), (byte)(length >> 8), (byte)length];
        using var asClient = new HostileClient(TestServers.Server(TestServers.Clock()));
        asClient.SendContent(ContentType.Handshake, header);
        asClient.Refused(TlsFault.HandshakeMessageTooLarge, AlertDescription.IllegalParameter);

        using var asServer = new HostileServer(TestServers.Client(TestServers.Clock()));
        asServer.SendContent(ContentType.Handshake, header);
        asServer.Refused(TlsFault.HandshakeMessageTooLarge, AlertDescription.IllegalParameter);
    }

    [Fact]
    public void A_Certificate_of_the_longest_length_that_is_taken_holds_no_more_memory_than_that()
    {
        var certificate = new byte[(128 * 1024) - 6];
        byte[] body = [1, 255, 253, 1, 255, 250, .. certificate];
        using var peer = new HostileServer(TestServers.Client(TestServers.Clock()));
        peer.SendHello();
        var before = GC.GetAllocatedBytesForCurrentThread();
        peer.SendMessage(HandshakeType.Certificate, body);

        peer.Refused(TlsFault.BadCertificate, AlertDescription.BadCertificate);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20 * 1024 * 1024);
    }

    /// <summary>ServerHello and ClientHello may end where the vector of extensions would begin.</summary>
    private static bool IsHelloWithoutExtensions(HandshakeType type, byte[] sample, int cut) =>
        type is HandshakeType.ClientHello or HandshakeType.ServerHello
        && cut == MessageShapes.Of(type).LengthsIn(sample)[type == HandshakeType.ClientHello ? 3 : 1].Offset;

    private static byte[] Spoil(HandshakeType type, byte[] body, LengthField length, int change)
    {
        var lengths = MessageShapes.Of(type).LengthsIn(body);
        var own = lengths.First(field => field.Offset == length.Offset || lengths.Count == 1);
        return own.Changed(body, (int)Math.Clamp(own.In(body) + (long)change, 0, own.Max));
    }

    private static void AssertMalformed(HostilePeer peer, HandshakeType type, LengthField length, byte[] sample)
    {
        Assert.True(peer.Victim.Fault is not null, $"{type}: the length at {length.Offset} of {sample.Length} does not matter");
        Assert.True(
            peer.Victim.Fault.Fault is TlsFault.MalformedMessage or TlsFault.DuplicateExtension,
            $"{type}: the length at {length.Offset}: {peer.Victim.Fault.Fault}, {peer.Victim.Fault.Message}");
        peer.Refused(peer.Victim.Fault.Fault, AlertDescription.DecodeError);
    }

    private static byte[] Header(byte[] raw, int length) => length < 0 ? raw : [raw[0], (byte)(length >> 16), (byte)(length >> 8), (byte)length, .. raw[4..]];
}
