using System.Security.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace Kippu.AspNetCore.Tests;

public sealed class RefusalTests
{
    public static TheoryData<string, string, string> WrongSettings => new()
    {
        { "Kippu:Rign", "x", "Kippu:Rign: there is no such option" },
        { "Kippu:Mode", "Sometimes", "Kippu:Mode: must be On, Off or Percent: n" },
        { "Kippu:RingFile", "/nowhere/ring", "Kippu:RingFile: there is no ring in /nowhere/ring" },
        { "Kippu:Tickets:Lifetime", "soon", "Kippu:Tickets:Lifetime: must be a time" },
        { "Kippu:Tickets:Lifetime", "30.00:00:00", "Kippu:Tickets:Lifetime is 30.00:00:00" },
        { "Kippu:Tickets:PerResumption", "9", "Kippu:Tickets:PerResumption: 9 is not within 0..8" },
        { "Kippu:EarlyData:MaxSize", "-1", "Kippu:EarlyData:MaxSize: -1 is negative" },
        { "Kippu:MaxConcurrentHandshakes", "0", "Kippu:MaxConcurrentHandshakes: 0 is less than 1" },
        { "Kippu:Certificates:0:Path", "/nowhere.pem", "Kippu:Certificates: " },
        { "Kippu:Certificates:0:File", "x", "Kippu:Certificates:0:File: there is no such option" },
    };

    [Theory, MemberData(nameof(WrongSettings))]
    public async Task A_wrong_setting_is_refused_at_start_by_its_place(string key, string value, string message)
    {
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => KestrelHost.StartAsync(listen => listen.UseKippu(), new() { [key] = value }));

        Assert.StartsWith(message, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_Kippu_cannot_do_is_refused_at_start_by_the_name_of_the_member()
    {
#pragma warning disable SYSLIB0039, CA5397 // That is the point.
        await RefusedAsync(https => https.SslProtocols = SslProtocols.Tls11 | SslProtocols.Tls12, "HttpsConnectionAdapterOptions.SslProtocols: Tls11 is not spoken");
#pragma warning restore SYSLIB0039, CA5397
        await RefusedAsync(https => https.OnAuthenticate = (_, _) => { }, "HttpsConnectionAdapterOptions.OnAuthenticate: ");
        await RefusedAsync(https => https.ClientCertificateMode = ClientCertificateMode.DelayCertificate, "HttpsConnectionAdapterOptions.ClientCertificateMode: DelayCertificate");
    }

    /// <summary>A new release of ASP.NET Core may bring a member that nobody here has thought of.</summary>
    [Fact]
    public void Every_member_of_Kestrels_options_is_known() => Assert.Equal(
        [
            "CheckCertificateRevocation", "ClientCertificateMode", "ClientCertificateValidation", "HandshakeTimeout", "OnAuthenticate", "ServerCertificate", "ServerCertificateChain",
            "ServerCertificateSelector", "SslProtocols", "TlsClientHelloBytesCallback",
        ],
        typeof(HttpsConnectionAdapterOptions).GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal));

    private static async Task RefusedAsync(Action<HttpsConnectionAdapterOptions> https, string message)
    {
        var refused = await Assert.ThrowsAsync<NotSupportedException>(() => KestrelHost.StartAsync(listen => listen.UseKippu(options => options.Https = https)));
        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
    }
}
