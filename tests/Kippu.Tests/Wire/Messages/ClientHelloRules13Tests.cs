using Kippu.Wire;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Wire.Messages;

public sealed class ClientHelloRules13Tests
{
    [Fact]
    public void An_ordinary_hello_keeps_to_the_rules()
    {
        FaultAssert.Throws(null, () => Check(_ => { }));
        FaultAssert.Throws(null, () => ClientHelloRules13.Check(ClientHello.Parse(SampleHellos.Rfc8448Client)));
        FaultAssert.Throws(null, () => Check(hello => hello.KeyShares = KeyShareList.Of())); // asks for a HelloRetryRequest
    }

    [Theory]
    [InlineData("0001")]
    [InlineData("0100")]
    [InlineData("0000")]
    public void RFC_8446_4_1_2_the_compression_methods_are_one(string methods) =>
        FaultAssert.Throws(TlsFault.IllegalParameter, () => ClientHelloRules13.Check(Complete(new ClientHello
        {
            LegacyVersion = 0x0303,
            Random = new byte[32],
            SessionId = default,
            CipherSuites = UInt16List.Of(0x1301),
            CompressionMethods = Convert.FromHexString(methods),
        })));

    [Fact]
    public void RFC_8446_4_2_9_a_PSK_needs_its_modes()
    {
        FaultAssert.Throws(TlsFault.MissingExtension, () => Check(hello => hello.PreSharedKeys = SampleHellos.Offer));
        FaultAssert.Throws(null, () => Check(hello => (hello.PreSharedKeys, hello.PskKeyExchangeModes) = (SampleHellos.Offer, new byte[] { 1 })));
    }

    [Fact]
    public void RFC_8446_9_2_what_must_be_there_is_there()
    {
        FaultAssert.Throws(TlsFault.MissingExtension, () => Check(hello => hello.SignatureAlgorithms = null));
        FaultAssert.Throws(TlsFault.MissingExtension, () => Check(hello => hello.SupportedGroups = null));
        FaultAssert.Throws(TlsFault.MissingExtension, () => Check(hello => hello.KeyShares = null));
        FaultAssert.Throws(TlsFault.MissingExtension, () => Check(hello => (hello.KeyShares, hello.SupportedGroups) = (null, null)));
    }

    [Fact]
    public void RFC_8446_9_2_with_a_PSK_alone_nothing_else_is_needed() => FaultAssert.Throws(null, () => Check(hello =>
    {
        (hello.PreSharedKeys, hello.PskKeyExchangeModes) = (SampleHellos.Offer, new byte[] { 0 });
        (hello.KeyShares, hello.SupportedGroups, hello.SignatureAlgorithms) = (null, null, null);
    }));

    [Fact]
    public void RFC_8446_4_2_8_shares_are_of_groups_that_are_offered_and_one_each()
    {
        var x25519 = new KeyShareEntry(29, new byte[] { 1, 2, 3 });

        FaultAssert.Throws(TlsFault.IllegalParameter, () => Check(hello => hello.KeyShares = KeyShareList.Of(new KeyShareEntry(24, new byte[1]))));
        FaultAssert.Throws(TlsFault.IllegalParameter, () => Check(hello => hello.KeyShares = KeyShareList.Of(x25519, new KeyShareEntry(23, new byte[1]), x25519)));
        FaultAssert.Throws(null, () => Check(hello => hello.KeyShares = KeyShareList.Of(new KeyShareEntry(23, new byte[1]), x25519)));
    }

    private static void Check(Action<ClientHello> change)
    {
        var hello = Complete(SampleHellos.BareClient);
        change(hello);
        ClientHelloRules13.Check(ClientHello.Parse(MessageSample.Write(hello)));
    }

    private static ClientHello Complete(ClientHello hello)
    {
        hello.SupportedGroups = UInt16List.Of(29, 23);
        hello.KeyShares = KeyShareList.Of(new KeyShareEntry(29, new byte[32]));
        hello.SignatureAlgorithms = UInt16List.Of(0x0403);
        hello.SupportedVersions = UInt16List.Of(0x0304);
        return hello;
    }
}
