using CsCheck;
using Kippu.Alerts;
using Kippu.Records;
using Xunit;

namespace Kippu.Tests.Records;

public sealed class HandshakeAssemblerTests
{
    [Fact]
    public void A_message_may_be_cut_at_every_boundary()
    {
        var message = Message(HandshakeType.ServerHello, 20);
        for (var cut = 0; cut <= message.Length; cut++)
        {
            using var assembler = new HandshakeAssembler();
            assembler.Append(message.AsSpan(0, cut));
            if (cut < message.Length)
            {
                Assert.False(assembler.TryNext(out _));
                Assert.Equal(cut > 0, assembler.HasPartial);
                assembler.Append(message.AsSpan(cut));
            }

            AssertNext(assembler, message);
            Assert.False(assembler.HasPartial);
            Assert.False(assembler.TryNext(out _));
        }
    }

    [Fact]
    public void A_message_may_come_byte_by_byte()
    {
        var message = Message(HandshakeType.Certificate, 3000);
        using var assembler = new HandshakeAssembler();
        foreach (var b in message)
        {
            Assert.False(assembler.TryNext(out _));
            assembler.Append([b]);
        }

        AssertNext(assembler, message);
    }

    [Fact]
    public void Several_messages_may_share_a_record()
    {
        byte[][] messages = [Message(HandshakeType.ServerHello, 70), Message(HandshakeType.ServerHelloDone, 0), Message(HandshakeType.Finished, 12)];
        using var assembler = new HandshakeAssembler();
        assembler.Append([.. messages.SelectMany(message => message), 20]);

        foreach (var message in messages)
        {
            AssertNext(assembler, message);
        }

        Assert.False(assembler.TryNext(out _));
        Assert.True(assembler.HasPartial); // one byte of the next
    }

    [Fact]
    public void Messages_that_share_a_record_stay_valid_together()
    {
        using var assembler = new HandshakeAssembler();
        assembler.Append([.. Message(HandshakeType.ServerHello, 5), .. Message(HandshakeType.Finished, 12)]);
        Assert.True(assembler.TryNext(out var first));
        Assert.True(assembler.TryNext(out var second));

        Assert.Equal(Message(HandshakeType.ServerHello, 5), first.Raw.ToArray());
        Assert.Equal(Message(HandshakeType.Finished, 12), second.Raw.ToArray());
    }

    [Fact]
    public void Any_messages_in_any_fragments_come_out_as_they_went_in() =>
        Gen.Select(Gen.Int[0, 3000].Array[1, 8], Gen.Int[1, 2000].Array[1, 30]).Sample((lengths, cuts) =>
        {
            var messages = lengths.Select((length, i) => Message((HandshakeType)(i % 5 + 11), length)).ToArray();
            var stream = messages.SelectMany(message => message).ToArray();
            var received = new List<byte[]>();
            using var assembler = new HandshakeAssembler();
            for (int at = 0, i = 0; at < stream.Length; i++)
            {
                var take = Math.Min(cuts[i % cuts.Length], stream.Length - at);
                assembler.Append(stream.AsSpan(at, take));
                at += take;
                while (assembler.TryNext(out var message))
                {
                    received.Add(message.Raw.ToArray());
                }

                if (i % 3 == 0)
                {
                    assembler.Compact();
                }
            }

            Assert.Equal(messages, received);
            Assert.False(assembler.HasPartial);
        });

    [Theory]
    [InlineData(HandshakeType.ClientHello, 66560)]
    [InlineData(HandshakeType.NewSessionTicket, 66560)]
    [InlineData(HandshakeType.Certificate, 131072)]
    public void A_message_too_large_is_refused_by_its_header(HandshakeType type, int limit)
    {
        Assert.Equal(limit, HandshakeAssembler.MaxMessageLength(type));
        using var atLimit = new HandshakeAssembler();
        atLimit.Append(Message(type, limit));
        AssertNext(atLimit, Message(type, limit));

        using var beyond = new HandshakeAssembler();
        beyond.Append(Message(type, limit + 1).AsSpan(0, 3));
        Assert.False(beyond.TryNext(out _));
        beyond.Append(Message(type, limit + 1).AsSpan(3, 1));
        Assert.Equal(TlsFault.HandshakeMessageTooLarge, Assert.Throws<TlsFaultException>(() => beyond.TryNext(out _)).Fault);
    }

    [Fact]
    public void The_largest_NewSessionTicket_of_the_syntax_has_room() =>
        Assert.InRange(4 + 2 + ushort.MaxValue, 0, HandshakeAssembler.MaxMessageLength(HandshakeType.NewSessionTicket));

    [Fact]
    public void Compact_keeps_what_is_not_yet_whole()
    {
        var message = Message(HandshakeType.Finished, 12);
        using var assembler = new HandshakeAssembler();
        assembler.Append([.. message, .. message[..7]]);
        AssertNext(assembler, message);
        assembler.Compact();
        Assert.True(assembler.HasPartial);
        assembler.Append(message.AsSpan(7));

        AssertNext(assembler, message);
        assembler.Compact();
        Assert.False(assembler.HasPartial);
        Assert.False(assembler.TryNext(out _));
    }

    [Fact]
    public void An_empty_fragment_changes_nothing()
    {
        using var assembler = new HandshakeAssembler();
        assembler.Append(default);
        Assert.False(assembler.HasPartial);
        Assert.False(assembler.TryNext(out _));
    }

    private static byte[] Message(HandshakeType type, int length)
    {
        var message = new byte[4 + length];
        message[0] = (byte)type;
        message[1] = (byte)(length >> 16);
        message[2] = (byte)(length >> 8);
        message[3] = (byte)length;
        for (var i = 0; i < length; i++)
        {
            message[4 + i] = (byte)((i * 7) + (int)type);
        }

        return message;
    }

    private static void AssertNext(HandshakeAssembler assembler, byte[] expected)
    {
        Assert.True(assembler.TryNext(out var message));
        Assert.Equal((HandshakeType)expected[0], message.Type);
        Assert.Equal(expected, message.Raw.ToArray());
        Assert.Equal(expected[4..], message.Body.ToArray());
    }
}
