using CsCheck;
using Kippu.Alerts;
using Kippu.Diagnostics;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Wire.Messages;

/// <summary>Every message, broken in every place: always a fault of the peer, never another exception.</summary>
public sealed class MessageSyntaxTests
{
    /// <summary>Messages without a body, or of fields that have one length only.</summary>
    private static readonly HandshakeType[] s_withoutLengths =
        [HandshakeType.HelloRequest, HandshakeType.ServerHelloDone, HandshakeType.EndOfEarlyData, HandshakeType.KeyUpdate, HandshakeType.Finished];

    public static TheoryData<string> Samples => [.. MessageSample.All.Keys];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_message_cut_off_at_any_byte_is_malformed(string name)
    {
        var sample = MessageSample.All[name];
        for (var length = 0; length < sample.Body.Length; length++)
        {
            if (length == sample.EndWithoutExtensions)
            {
                // RFC 5246 §7.4.1.2: extensions are there if bytes follow compression_methods.
                sample.Rewrite(sample.Body.AsMemory(0, length));
                continue;
            }

            Assert.Equal(TlsFault.MalformedMessage, FaultOf(sample, sample.Body[..length]));
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_byte_behind_the_end_is_malformed(string name)
    {
        var sample = MessageSample.All[name];

        Assert.Equal(TlsFault.MalformedMessage, FaultOf(sample, [.. sample.Body, 0]));
        Assert.Equal(TlsFault.MalformedMessage, FaultOf(sample, [.. sample.Body, 0xFF]));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_length_that_says_too_much_or_too_little_is_a_fault(string name)
    {
        var sample = MessageSample.All[name];
        Assert.Equal(s_withoutLengths.Contains(sample.Type), sample.Lengths.Count == 0);
        foreach (var length in sample.Lengths)
        {
            var right = length.In(sample.Body);
            foreach (var wrong in new[] { right - 1, right + 1, right / 2, 0, length.Max })
            {
                if (wrong >= 0 && wrong <= length.Max && wrong != right)
                {
                    // What is read at the wrong place may also be an extension that has no place there.
                    var fault = FaultOf(sample, length.Changed(sample.Body, wrong));
                    Assert.True(
                        fault is TlsFault.MalformedMessage or TlsFault.DuplicateExtension or TlsFault.IllegalParameter,
                        $"{length}, {right} made {wrong}: {fault?.ToString() ?? "no fault"}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Of_any_bytes_a_parser_makes_a_message_or_a_fault_of_the_peer(string name)
    {
        var sample = MessageSample.All[name];
        var edits = Gen.Select(Gen.Int[0, Math.Max(0, sample.Body.Length - 1)], Gen.Byte).Array[1, 4];
        Gen.Select(edits, Gen.Int[0, sample.Body.Length]).Sample((changes, cut) =>
        {
            var body = sample.Body.ToArray();
            foreach (var (at, value) in changes.Where(change => change.Item1 < body.Length))
            {
                body[at] = value;
            }

            StaysWhatItIs(sample, body);
            StaysWhatItIs(sample, body[..cut]);
        });
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Of_noise_too(string name) => Gen.Byte.Array[0, 100].Sample(noise => StaysWhatItIs(MessageSample.All[name], noise));

    // What was understood, written and read again, is understood the same way.
    private static void StaysWhatItIs(MessageSample sample, byte[] body)
    {
        Assert.NotNull(MessageFields.Describe(sample.Type, body, sample.Version));
        try
        {
            var written = sample.Rewrite(body);
            Assert.Equal(written, sample.Rewrite(written));
        }
        catch (TlsFaultException)
        {
            // The peer's fault, which is all that is asked for.
        }
    }

    private static TlsFault? FaultOf(MessageSample sample, byte[] body)
    {
        try
        {
            sample.Rewrite(body);
            return null;
        }
        catch (TlsFaultException fault)
        {
            Assert.Contains(": ", fault.Message, StringComparison.Ordinal);
            return fault.Fault;
        }
    }
}
