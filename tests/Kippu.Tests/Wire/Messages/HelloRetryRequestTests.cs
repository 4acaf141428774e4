using System.Security.Cryptography;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Wire.Messages;

public sealed class HelloRetryRequestTests
{
    private const string Version = "0304";

    [Fact]
    public void RFC_8446_4_1_3_its_random_is_the_hash_of_its_name() =>
        Assert.Equal(SHA256.HashData("HelloRetryRequest"u8), MessageSample.Write(SampleHellos.Retry)[2..34]);

    [Fact]
    public void It_is_known_by_its_random_alone()
    {
        var body = MessageSample.Write(SampleHellos.Retry);

        Assert.True(HelloRetryRequest.IsIn(body));
        Assert.True(HelloRetryRequest.IsIn(body.AsMemory(0, 34)));
        Assert.False(HelloRetryRequest.IsIn(body.AsMemory(0, 33)));
        Assert.False(HelloRetryRequest.IsIn(MessageSample.Write(SampleHellos.Server13)));
        for (var i = 2; i < 34; i++)
        {
            body[i] ^= 1;
            Assert.False(HelloRetryRequest.IsIn(body));
            FaultAssert.Throws(TlsFault.IllegalParameter, () => HelloRetryRequest.Parse(body));
            body[i] ^= 1;
        }
    }

    [Fact]
    public void Its_compression_method_is_null()
    {
        var body = SampleHellos.RetryWith((43, Version));
        body[2 + 32 + 1 + 2] = 1;

        FaultAssert.Throws(TlsFault.IllegalParameter, () => HelloRetryRequest.Parse(body));
    }

    [Theory]
    [InlineData(43, "0304", null)]
    [InlineData(43, "03", TlsFault.MalformedMessage)]
    [InlineData(51, "0017", null)]
    [InlineData(51, "001700", TlsFault.MalformedMessage)]
    [InlineData(51, "001700021122", TlsFault.MalformedMessage)] // a share is not for a request
    [InlineData(44, "000163", null)]
    [InlineData(44, "0000", TlsFault.MalformedMessage)] // cookie<1..>
    [InlineData(44, "00016300", TlsFault.MalformedMessage)]
    [InlineData(0xABCD, "00", null)] // judged by the handshake
    public void Its_extensions_have_their_form(int type, string data, TlsFault? fault) =>
        FaultAssert.Throws(fault, () => HelloRetryRequest.Parse(SampleHellos.RetryWith((type, data), (0xFAFA, "0000"))));

    [Fact]
    public void It_has_extensions()
    {
        FaultAssert.Throws(TlsFault.MalformedMessage, () => HelloRetryRequest.Parse(SampleHellos.RetryWith()));
        FaultAssert.Throws(TlsFault.DuplicateExtension, () => HelloRetryRequest.Parse(SampleHellos.RetryWith((43, Version), (43, Version))));
    }
}
