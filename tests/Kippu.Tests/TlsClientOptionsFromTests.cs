using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kippu.Tests.Handshake;
using Kippu.Tests.Transport;
using Xunit;

#pragma warning disable CA1416, CA5359, CA5397, SYSLIB0040 // Members of some platforms, and settings that are deprecated, or are refused: they are the subject here.

namespace Kippu.Tests;

public sealed class TlsClientOptionsFromTests
{
    [Fact]
    public void Every_member_is_known()
    {
        // A member that a later framework adds must be looked at, and be honoured or refused.
        string[] known =
        [
            "AllowRenegotiation", "AllowRsaPkcs1Padding", "AllowRsaPssPadding", "AllowTlsResume", "ApplicationProtocols", "CertificateChainPolicy",
            "CertificateRevocationCheckMode", "CipherSuitesPolicy", "ClientCertificateContext", "ClientCertificates", "EnabledSslProtocols", "EncryptionPolicy",
            "LocalCertificateSelectionCallback", "RemoteCertificateValidationCallback", "TargetHost",
        ];

        Assert.Equal(known, typeof(SslClientAuthenticationOptions).GetProperties().Select(property => property.Name).Order());
    }

    [Fact]
    public void Plain_members_are_honoured()
    {
        var options = TlsClientOptions.From(
            new SslClientAuthenticationOptions
            {
                TargetHost = "www.example.com",
                AllowTlsResume = false,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                EnabledSslProtocols = SslProtocols.Tls12,
                CertificateRevocationCheckMode = X509RevocationMode.Online,
                AllowRsaPssPadding = false,
                ClientCertificates = [TestPki.Client.Certificate],
            },
            out var target);

        Assert.Equal(new TlsTarget("www.example.com"), target);
        Assert.False(options.UseTickets || options.UseSessionIds);
        Assert.Equal([SslApplicationProtocol.Http2], options.ApplicationProtocols);
        Assert.Equal(X509RevocationMode.Online, options.ServerVerification.RevocationMode);
        Assert.Contains(SignatureScheme.RsaPkcs1Sha256, options.SignatureSchemes);
        Assert.DoesNotContain(SignatureScheme.RsaPssRsaeSha256, options.SignatureSchemes);
        Assert.Equal(TestPki.Client.Certificate.Thumbprint, Assert.Single(options.Credentials).Leaf.Thumbprint);
    }

    public static TheoryData<string, SslClientAuthenticationOptions> Refused() => new()
    {
        { "TargetHost", new() },
        { "LocalCertificateSelectionCallback", new() { TargetHost = "a.example", LocalCertificateSelectionCallback = (_, _, _, _, _) => null! } },
        { "EnabledSslProtocols", new() { TargetHost = "a.example", EnabledSslProtocols = SslProtocols.Tls13 } },
        { "ClientCertificates", new() { TargetHost = "a.example", ClientCertificates = [X509CertificateLoader.LoadCertificate(TestPki.Client.Certificate.RawData)] } },
        { "CertificateChainPolicy.VerificationTime", new() { TargetHost = "a.example", CertificateChainPolicy = new() { VerificationTimeIgnored = false } } },
    };

    [Theory, MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void What_cannot_be_honoured_is_refused_by_name(string member, SslClientAuthenticationOptions source) =>
        Assert.StartsWith(member + ":", Assert.Throws<NotSupportedException>(() => TlsClientOptions.From(source, out _)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_client_of_such_options_connects_with_its_certificate_and_asks_the_callback()
    {
        var errors = SslPolicyErrors.None;
        var source = new SslClientAuthenticationOptions
        {
            TargetHost = "other.example",
            ClientCertificateContext = SslStreamCertificateContext.Create(TestPki.Client.Certificate, [.. TestPki.Client.Intermediates], offline: true),
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { TestPki.Root.Certificate }, RevocationMode = X509RevocationMode.NoCheck },
            RemoteCertificateValidationCallback = (_, _, _, found) =>
            {
                errors = found;
                return found == SslPolicyErrors.RemoteCertificateNameMismatch;
            },
        };
        var server = TestServers.Server(TimeProvider.System, options => options.ClientCertificate = ClientCertificateRequirement.Required);
        var client = new TlsClient(TlsClientOptions.From(source, out var target));

        // Twice: the callback has no id, so nothing is resumed and it is asked again.
        for (var i = 0; i < 2; i++)
        {
            errors = SslPolicyErrors.None;
            await using var pair = TlsPair.Create();
            var accept = pair.Server.AuthenticateAsServerAsync(server);

            await pair.Client.AuthenticateAsClientAsync(client, target).Soon();
            await accept.Soon();

            Assert.Equal(SslPolicyErrors.RemoteCertificateNameMismatch, errors);
            Assert.Equal(TestPki.Client.Certificate.Thumbprint, pair.Server.Info.PeerCertificate!.Thumbprint);
            Assert.Equal("other.example", pair.Server.Info.ServerName);
            Assert.False(pair.Client.Info.IsResumed);
            Assert.Equal(0, client.SessionStore.Count);
        }
    }
}
