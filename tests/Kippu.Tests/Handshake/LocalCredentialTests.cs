using System.Security.Authentication;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>Which credential each side shows, and by which scheme it signs.</summary>
public sealed class LocalCredentialTests
{
    private readonly FakeTimeProvider _time = TestServers.Clock();

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void Both_sides_learn_what_they_showed_and_how_it_was_signed(SslProtocols version)
    {
        using var shown = TestPki.Rsa2048.NewCredential();
        shown.SignatureSchemes = [SignatureScheme.RsaPssRsaeSha512, SignatureScheme.RsaPssRsaeSha256];
        var server = TestServers.Server(_time, options =>
        {
            options.Protocols = version;
            options.Credentials.Clear();
            options.Credentials.Add(shown);
            options.ClientCertificate = ClientCertificateRequirement.Required;
        });
        var client = TestServers.Client(_time, options =>
        {
            options.Protocols = version;
            options.Credentials.Add(TestPki.Client.Credential);
        });
        using var pair = new ConnectionPair(client, server).Connect();

        Assert.Same(shown, pair.Server.Connection.Info.LocalCredential);
        Assert.Same(TestPki.Client.Credential, pair.Client.Connection.Info.LocalCredential);
        Assert.Equal(SignatureScheme.RsaPssRsaeSha512, pair.Client.Connection.Info.SignatureScheme);
        Assert.Equal(SignatureScheme.EcdsaSecp256r1Sha256, pair.Server.Connection.Info.ClientSignatureScheme);
        Assert.Equal(SignatureScheme.EcdsaSecp256r1Sha256, pair.Client.Connection.Info.ClientSignatureScheme);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void A_credentials_own_schemes_are_not_those_that_its_owner_accepts(SslProtocols version)
    {
        using var shown = TestPki.Rsa2048.NewCredential();
        shown.SignatureSchemes = [SignatureScheme.RsaPssRsaeSha384];
        var server = TestServers.Server(_time, options =>
        {
            options.Protocols = version;
            options.Credentials.Clear();
            options.Credentials.Add(shown);
            options.SignatureSchemes.Add(SignatureScheme.EcdsaSecp256r1Sha256);
        });
        using var pair = new ConnectionPair(TestServers.Client(_time, options => options.Protocols = version), server).Connect();

        Assert.Equal(SignatureScheme.RsaPssRsaeSha384, pair.Client.Connection.Info.SignatureScheme);
    }

    [Fact]
    public void A_resumed_handshake_shows_nothing()
    {
        var server = TestServers.Server(_time);
        var client = TestServers.Client(_time);
        new ConnectionPair(client, server).Connect().Dispose();
        using var pair = new ConnectionPair(client, server).Connect();

        Assert.True(pair.Server.Connection.Info.IsResumed);
        Assert.Null(pair.Server.Connection.Info.LocalCredential);
    }
}
