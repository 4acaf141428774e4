using System.Net;
using System.Security.Authentication;
using Kippu.Tests;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Kippu.AspNetCore.Tests;

/// <summary>Kestrel's own options for HTTPS, honoured.</summary>
public sealed class HttpsOptionsTests
{
    [Fact]
    public async Task The_selector_chooses_the_certificate_by_the_name_that_the_client_asks_for()
    {
        List<string?> names = [];
        await using var host = await KestrelHost.StartAsync(listen => listen.UseKippu(), https: https => https.ServerCertificateSelector = (connection, name) =>
        {
            Assert.NotNull(connection);
            names.Add(name);
            return name == "other.example" ? TestPki.Issue(new TestProfile { Names = ["other.example"], Issuer = TestPki.Root }).Certificate : SignedByRoot.Certificate;
        });
        var visitor = new Visitor();

        Assert.Equal("other.example", (await visitor.VisitAsync(host.Port, "other.example")).HostName);
        Assert.Equal("localhost", (await visitor.VisitAsync(host.Port)).HostName);
        Assert.Equal("Psk", (await visitor.VisitAsync(host.Port)).Resumption);
        Assert.Equal(["other.example", "localhost", "localhost"], names);
    }

    [Fact]
    public async Task A_client_that_no_certificate_is_selected_for_is_let_go()
    {
        await using var host = await KestrelHost.StartAsync(listen => listen.UseKippu(), https: https => https.ServerCertificateSelector = (_, _) => null);

        await Assert.ThrowsAnyAsync<IOException>(() => new Visitor().VisitAsync(host.Port));
    }

    [Fact]
    public async Task The_callback_gets_the_bytes_of_the_hello()
    {
        List<byte> firsts = [];
        await using var host = await KestrelHost.StartAsync(listen => listen.UseKippu(), https: https => https.TlsClientHelloBytesCallback = (_, bytes) => firsts.Add(bytes.FirstSpan[0]));

        await new Visitor().VisitAsync(host.Port);

        Assert.Equal([22], firsts);
    }

    [Fact]
    public async Task Protocol_versions_are_those_of_the_endpoint()
    {
        await using var host = await KestrelHost.StartAsync(listen => listen.UseKippu(), https: https => https.SslProtocols = SslProtocols.Tls13);

        Assert.Equal("Tls13", (await new Visitor().VisitAsync(host.Port)).Tls);
        await Assert.ThrowsAsync<TlsException>(() => new Visitor(SslProtocols.Tls12).VisitAsync(host.Port));
    }

    [Theory]
    [InlineData(ClientCertificateMode.AllowCertificate)]
    [InlineData(ClientCertificateMode.RequireCertificate)]
    public async Task A_client_certificate_reaches_the_application(ClientCertificateMode mode)
    {
        await using var host = await KestrelHost.StartAsync(listen => listen.UseKippu(), https: https =>
        {
            https.ClientCertificateMode = mode;
            https.ClientCertificateValidation = (certificate, _, _) => certificate.Issuer == TestPki.Client.Certificate.Issuer;
        });

        var page = await Visitor.BrowseAsync(host.Port, HttpVersion.Version20, TestPki.Client.Certificate);
        Assert.Equal(("Kippu", TestPki.Client.Certificate.Subject), (page.Engine, page.Client));
        await Assert.ThrowsAsync<HttpRequestException>(() => Visitor.BrowseAsync(host.Port, HttpVersion.Version11, TestPki.UntrustedClient.Certificate));
        if (mode == ClientCertificateMode.RequireCertificate)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => Visitor.BrowseAsync(host.Port, HttpVersion.Version11));
        }
        else
        {
            Assert.Equal("", (await Visitor.BrowseAsync(host.Port, HttpVersion.Version11)).Client);
        }
    }

    /// <summary>A selector gives no chain, so its certificates must be the root's own.</summary>
    private static TestIdentity SignedByRoot { get; } = TestPki.Issue(new TestProfile { Issuer = TestPki.Root });
}
