using System.Net.Security;
using System.Security.Authentication;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Wire.Messages;

public sealed class ClientHelloInfoTests
{
    [Fact]
    public void It_tells_what_the_client_said()
    {
        var info = new ClientHelloInfo(ClientHello.Parse(SampleHellos.OpenSslClient));

        Assert.Equal("localhost", info.ServerName);
        Assert.Equal([SslApplicationProtocol.Http2, SslApplicationProtocol.Http11], info.ApplicationProtocols);
        Assert.Equal(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, info.CipherSuites[0]);
        Assert.Equal(28, info.CipherSuites.Count);
        Assert.Equal(SignatureScheme.EcdsaSecp256r1Sha256, info.SignatureSchemes[0]);
        Assert.Equal([NamedGroup.X25519, NamedGroup.Secp256r1, (NamedGroup)30, NamedGroup.Secp521r1, NamedGroup.Secp384r1], info.SupportedGroups);
        Assert.Equal(SslProtocols.Tls12, info.SupportedVersions);
    }

    [Fact]
    public void What_the_client_did_not_say_is_empty()
    {
        var info = new ClientHelloInfo(SampleHellos.BareClient);

        Assert.Null(info.ServerName);
        Assert.Empty(info.ApplicationProtocols);
        Assert.Empty(info.SignatureSchemes);
        Assert.Empty(info.SupportedGroups);
    }

    [Fact]
    public void It_outlives_the_message()
    {
        var body = SampleHellos.OpenSslClient.ToArray();
        var info = new ClientHelloInfo(ClientHello.Parse(body));
        body.AsSpan().Clear();

        Assert.Equal(SslApplicationProtocol.Http2, info.ApplicationProtocols[0]);
        Assert.Equal(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, info.CipherSuites[0]);
    }

    [Theory]
    [InlineData(null, 0x0302, SslProtocols.None)]
    [InlineData(null, 0x0303, SslProtocols.Tls12)]
    [InlineData(null, 0x0304, SslProtocols.Tls12)] // RFC 8446 §4.2.1: only the extension offers TLS 1.3
    [InlineData("020303", 0x0303, SslProtocols.Tls12)]
    [InlineData("020304", 0x0303, SslProtocols.Tls13)]
    [InlineData("0603040303" + "0302", 0x0303, SslProtocols.Tls12 | SslProtocols.Tls13)]
    [InlineData("020302", 0x0303, SslProtocols.None)]
    public void RFC_8446_4_2_1_the_extension_decides_the_versions(string? versions, int legacy, SslProtocols expected)
    {
        var body = versions is null ? SampleHellos.ClientWith() : SampleHellos.ClientWith((43, versions));
        body[0] = (byte)(legacy >> 8);
        body[1] = (byte)legacy;

        Assert.Equal(expected, new ClientHelloInfo(ClientHello.Parse(body)).SupportedVersions);
    }
}
