using Kippu.Tests.Wire.Messages;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Wire;

public sealed class OfferedPsksTests
{
    private static readonly string s_binder32 = "20" + new string('1', 64);
    private static readonly string s_binder48 = "30" + new string('2', 96);

    /// <summary>Identities and binders, each without the length of its vector.</summary>
    public static TheoryData<string, string, TlsFault?> Offers => new()
    {
        { "0001AA" + "00000000", s_binder32, null },
        { "0001AA" + "00000000" + "0002BBCC" + "00000001", s_binder32 + s_binder48, null },
        { "0001AA" + "00000000", s_binder32 + s_binder32, TlsFault.IllegalParameter }, // more binders than identities
        { "0001AA" + "00000000" + "0001AA" + "00000000", s_binder32, TlsFault.IllegalParameter }, // fewer
        { "0000" + "00000000" + "00", s_binder32, TlsFault.MalformedMessage }, // identity<1..>
        { "0001AA" + "000000", s_binder32, TlsFault.MalformedMessage }, // identities<7..>: cut off
        { "0001AA" + "00000000" + "00", s_binder32, TlsFault.MalformedMessage },
        { "", s_binder32, TlsFault.MalformedMessage },
        { "0001AA" + "00000000", "", TlsFault.MalformedMessage },
        { "0001AA" + "00000000", "1F" + new string('1', 62), TlsFault.MalformedMessage }, // PskBinderEntry<32..255>
        { "0001AA" + "00000000", s_binder32 + "20", TlsFault.MalformedMessage },
    };

    [Theory]
    [MemberData(nameof(Offers))]
    public void RFC_8446_4_2_11_identities_and_binders_go_in_pairs(string identities, string binders, TlsFault? fault)
    {
        var data = $"{identities.Length / 2:X4}{identities}{binders.Length / 2:X4}{binders}";

        FaultAssert.Throws(fault, () => ClientHello.Parse(SampleHellos.ClientWith((41, data))));
        FaultAssert.Throws(TlsFault.MalformedMessage, () => ClientHello.Parse(SampleHellos.ClientWith((41, data + "00"))));
    }

    [Fact]
    public void RFC_8446_4_2_11_pre_shared_key_stands_last()
    {
        var data = $"0007{"0001AA" + "00000000"}0021{s_binder32}";

        FaultAssert.Throws(null, () => ClientHello.Parse(SampleHellos.ClientWith((45, "0101"), (41, data))));
        FaultAssert.Throws(TlsFault.IllegalParameter, () => ClientHello.Parse(SampleHellos.ClientWith((41, data), (45, "0101"))));
        FaultAssert.Throws(TlsFault.IllegalParameter, () => ClientHello.Parse(SampleHellos.ClientWith((41, data), (0x0A0A, ""))));
        FaultAssert.Throws(TlsFault.DuplicateExtension, () => ClientHello.Parse(SampleHellos.ClientWith((41, data), (41, data))));
    }

    [Fact]
    public void Entries_are_found_by_their_index()
    {
        var offer = ClientHello.Parse(MessageSample.Write(SampleHellos.Client)).PreSharedKeys!.Value;

        Assert.Equal(2, offer.Count);
        Assert.Equal(SampleHellos.Counting(100), offer.Identity(0).Identity.ToArray());
        Assert.Equal(0x01020304u, offer.Identity(0).ObfuscatedTicketAge);
        Assert.Equal(SampleHellos.Counting(8), offer.Identity(1).Identity.ToArray());
        Assert.Equal(32, offer.Binder(0).Length);
        Assert.Equal(48, offer.Binder(1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => offer.Identity(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => offer.Binder(-1));
    }

    [Fact]
    public void The_binders_are_the_end_of_the_hello_and_are_filled_in_there()
    {
        var hello = SampleHellos.Client;
        var offer = hello.PreSharedKeys!.Value;
        using var buffer = new WireBuffer();
        HandshakeFraming.Write(buffer, hello);
        Assert.Equal(2 + 1 + 32 + 1 + 48, offer.BindersLength);
        var truncated = buffer.Written[..^offer.BindersLength].ToArray();

        offer.BinderIn(buffer.Patch(0, buffer.Length), 0).Fill(0xAA);
        offer.BinderIn(buffer.Patch(0, buffer.Length), 1).Fill(0xBB);

        var read = ClientHello.Parse(WholeMessage.Parse(buffer.Written.ToArray()).Body).PreSharedKeys!.Value;
        Assert.Equal(Enumerable.Repeat((byte)0xAA, 32), read.Binder(0).ToArray());
        Assert.Equal(Enumerable.Repeat((byte)0xBB, 48), read.Binder(1).ToArray());
        Assert.Equal(truncated, buffer.Written[..^read.BindersLength]);
        Assert.Equal(offer.RawIdentities, read.RawIdentities);
    }

    [Fact]
    public void An_offer_has_a_binder_for_each_identity_and_one_identity_at_least()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => OfferedPsks.Of([], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => OfferedPsks.Of([new PskIdentity(new byte[1], 0)], [32, 32]));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1000, 5, 1005)]
    [InlineData(1000, uint.MaxValue, 999)] // modulo 2^32
    [InlineData(604_800_000, 0, 604_800_000)]
    public void RFC_8446_4_2_11_1_the_age_is_hidden_by_an_addition(long milliseconds, uint ageAdd, uint obfuscated)
    {
        var age = TimeSpan.FromMilliseconds(milliseconds);

        Assert.Equal(obfuscated, PskIdentity.Obfuscate(age, ageAdd));
        Assert.Equal(age, new PskIdentity(new byte[1], obfuscated).TicketAge(ageAdd));
    }
}
