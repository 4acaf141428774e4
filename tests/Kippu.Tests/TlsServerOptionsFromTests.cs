using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kippu.Tests.Transport;
using Xunit;

#pragma warning disable CA1416, CA5359, CA5397, SYSLIB0040 // Members of some platforms, and settings that are deprecated, or are refused: they are the subject here.

namespace Kippu.Tests;

public sealed class TlsServerOptionsFromTests
{
    [Fact]
    public void Every_member_is_known()
    {
        // A member that a later framework adds must be looked at, and be honoured or refused.
        string[] known =
        [
            "AllowRenegotiation", "AllowRsaPkcs1Padding", "AllowRsaPssPadding", "AllowTlsResume", "ApplicationProtocols", "CertificateChainPolicy",
            "CertificateRevocationCheckMode", "CipherSuitesPolicy", "ClientCertificateRequired", "EnabledSslProtocols", "EncryptionPolicy",
            "RemoteCertificateValidationCallback", "ServerCertificate", "ServerCertificateContext", "ServerCertificateSelectionCallback",
        ];

        Assert.Equal(known, typeof(SslServerAuthenticationOptions).GetProperties().Select(property => property.Name).Order());
    }

    [Fact]
    public void Defaults_stay_defaults()
    {
        var options = TlsServerOptions.From(new SslServerAuthenticationOptions());

        Assert.Empty(options.Credentials);
        Assert.Empty(options.ApplicationProtocols);
        Assert.Empty(options.CipherSuites);
        Assert.Empty(options.SignatureSchemes);
        Assert.True(options.Tickets.Enabled);
        Assert.Equal(ClientCertificateRequirement.None, options.ClientCertificate);
        Assert.Null(options.ClientVerification.Callback);
        Assert.Null(options.ClientVerification.CustomTrustRoots);
        Assert.Equal(X509RevocationMode.NoCheck, options.ClientVerification.RevocationMode);
        Assert.False(options.ClientVerification.AllowDownloads);
    }

    [Fact]
    public void Plain_members_are_honoured()
    {
        var options = TlsServerOptions.From(new SslServerAuthenticationOptions
        {
            AllowTlsResume = false,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            ClientCertificateRequired = true,
            CertificateRevocationCheckMode = X509RevocationMode.Offline,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRsaPkcs1Padding = false,
        });

        Assert.False(options.Tickets.Enabled);
        Assert.Equal([SslApplicationProtocol.Http2, SslApplicationProtocol.Http11], options.ApplicationProtocols);
        Assert.Equal(ClientCertificateRequirement.Required, options.ClientCertificate);
        Assert.Equal(X509RevocationMode.Offline, options.ClientVerification.RevocationMode);
        Assert.DoesNotContain(options.SignatureSchemes, scheme => scheme.ToString().Contains("Pkcs1", StringComparison.Ordinal));
        Assert.Contains(SignatureScheme.RsaPssRsaeSha256, options.SignatureSchemes);
        Assert.Contains(SignatureScheme.EcdsaSecp256r1Sha256, options.SignatureSchemes);
    }

    [Fact]
    public void Pss_can_be_left_out()
    {
        var options = TlsServerOptions.From(new SslServerAuthenticationOptions { AllowRsaPssPadding = false });

        Assert.DoesNotContain(options.SignatureSchemes, scheme => scheme.ToString().Contains("Pss", StringComparison.Ordinal));
        Assert.Contains(SignatureScheme.RsaPkcs1Sha256, options.SignatureSchemes);
    }

    [Fact]
    public void The_chain_policy_is_honoured()
    {
        var options = TlsServerOptions.From(new SslServerAuthenticationOptions
        {
            CertificateRevocationCheckMode = X509RevocationMode.Online,
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { TestPki.Root.Certificate },
                ExtraStore = { TestPki.Intermediate.Certificate },
                RevocationMode = X509RevocationMode.NoCheck,
                RevocationFlag = X509RevocationFlag.EndCertificateOnly,
                VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid,
                UrlRetrievalTimeout = TimeSpan.FromSeconds(3),
                ApplicationPolicy = { new Oid(TestProfile.ClientAuth) },
            },
        }).ClientVerification;

        Assert.Equal(TestPki.Root.Certificate.Thumbprint, Assert.Single(options.CustomTrustRoots!).Thumbprint);
        Assert.Equal(TestPki.Intermediate.Certificate.Thumbprint, Assert.Single(options.ExtraIntermediates!).Thumbprint);
        Assert.Equal(X509RevocationMode.NoCheck, options.RevocationMode);
        Assert.Equal(X509RevocationFlag.EndCertificateOnly, options.RevocationFlag);
        Assert.Equal(X509VerificationFlags.IgnoreNotTimeValid, options.VerificationFlags);
        Assert.Equal(TimeSpan.FromSeconds(3), options.DownloadTimeout);
        Assert.True(options.AllowDownloads);
    }

    [Fact]
    public void A_suites_policy_allows_what_it_names_and_we_speak()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var options = TlsServerOptions.From(new SslServerAuthenticationOptions
        {
            CipherSuitesPolicy = new CipherSuitesPolicy(
            [
                TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA,
            ]),
        });

        Assert.Equal([TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384], options.CipherSuites);
    }

    public static TheoryData<string, SslServerAuthenticationOptions> Refused()
    {
        var data = new TheoryData<string, SslServerAuthenticationOptions>
        {
            { "AllowRenegotiation", new() { AllowRenegotiation = true } },
            { "ServerCertificateSelectionCallback", new() { ServerCertificateSelectionCallback = (_, _) => TestPki.Server.Certificate } },
            { "RemoteCertificateValidationCallback", new() { RemoteCertificateValidationCallback = (_, _, _, _) => true } },
            { "EnabledSslProtocols", new() { EnabledSslProtocols = SslProtocols.Tls13 } },
            { "EnabledSslProtocols", new() { EnabledSslProtocols = (SslProtocols)0xC0 | SslProtocols.Tls12 } },
            { "ServerCertificate", new() { ServerCertificate = X509CertificateLoader.LoadCertificate(TestPki.Server.Certificate.RawData) } },
            { "CertificateChainPolicy.VerificationTime", new() { CertificateChainPolicy = new() { VerificationTimeIgnored = false } } },
            { "CertificateChainPolicy.CertificatePolicy", new() { CertificateChainPolicy = new() { CertificatePolicy = { new Oid("1.2.3") } } } },
            { "CertificateChainPolicy.ApplicationPolicy", new() { CertificateChainPolicy = new() { ApplicationPolicy = { new Oid("1.2.3") } } } },
            { "EncryptionPolicy", new() { EncryptionPolicy = EncryptionPolicy.AllowNoEncryption } },
        };
        if (!OperatingSystem.IsWindows())
        {
            data.Add("CipherSuitesPolicy", new() { CipherSuitesPolicy = new CipherSuitesPolicy([TlsCipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA]) });
        }

        return data;
    }

    [Theory, MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void What_cannot_be_honoured_is_refused_by_name(string member, SslServerAuthenticationOptions source) =>
        Assert.StartsWith(member + ":", Assert.Throws<NotSupportedException>(() => TlsServerOptions.From(source)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_of_such_options_serves(bool context)
    {
        var source = new SslServerAuthenticationOptions { ApplicationProtocols = [SslApplicationProtocol.Http11] };
        if (context)
        {
            source.ServerCertificateContext = SslStreamCertificateContext.Create(TestPki.Server.Certificate, [.. TestPki.Server.Intermediates], offline: true);
        }
        else
        {
            source.ServerCertificate = TestPki.Server.Certificate;
        }

        var client = Handshake.TestServers.Client(TimeProvider.System, options =>
        {
            options.ApplicationProtocols.Add(SslApplicationProtocol.Http11);
            options.ServerVerification.ExtraIntermediates = [TestPki.Intermediate.Certificate];
        });
        await using var pair = await TlsPair.ConnectAsync(new TlsServer(TlsServerOptions.From(source)), client);

        Assert.Equal(SslApplicationProtocol.Http11, pair.Server.Info.ApplicationProtocol);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_validation_callback_is_asked_about_client_certificates(bool accepts)
    {
        (object Sender, string? Thumbprint, int Elements, SslPolicyErrors Errors) asked = default;
        var source = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(TestPki.Server.Certificate, [.. TestPki.Server.Intermediates], offline: true),
            ClientCertificateRequired = true,
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { TestPki.Root.Certificate }, RevocationMode = X509RevocationMode.NoCheck },
            RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
            {
                asked = (sender, certificate?.GetCertHashString(), chain!.ChainElements.Count, errors);
                return accepts;
            },
        };
        var client = Handshake.TestServers.Client(TimeProvider.System, options => options.Credentials.Add(TestPki.ExpiredClient.Credential));
        await using var pair = TlsPair.Create();
        var accept = pair.Server.AuthenticateAsServerAsync(new TlsServer(TlsServerOptions.From(source)));
        var connect = pair.Client.AuthenticateAsClientAsync(client, TlsPair.Target);

        if (accepts)
        {
            await Task.WhenAll(accept, connect).Soon();
        }
        else
        {
            Assert.Equal(TlsFault.CertificateExpired, (await Assert.ThrowsAsync<TlsException>(() => accept.Soon())).Fault);
            await Assert.ThrowsAsync<TlsException>(() => connect.Soon());
        }

        Assert.IsType<CertificateVerificationContext>(asked.Sender);
        Assert.Equal(TestPki.ExpiredClient.Certificate.Thumbprint, asked.Thumbprint);
        Assert.Equal(3, asked.Elements);
        Assert.Equal(SslPolicyErrors.RemoteCertificateChainErrors, asked.Errors);
    }
}
