using System.Net.Security;
using Kippu.Tests;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Kippu.AspNetCore.Tests;

/// <summary>Kestrel's callback for each connection.</summary>
public sealed class CallbackTests
{
    [Fact]
    public async Task The_callback_chooses_by_the_hello_and_sessions_go_on()
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(TestPki.Server.Certificate, [.. TestPki.Server.Intermediates], offline: true),
        };
        List<string> seen = [];
        await using var host = await KestrelHost.StartAsync(listen => listen.UseKippu(new TlsHandshakeCallbackOptions
        {
            OnConnectionState = "state",
            OnConnection = context =>
            {
                seen.Add($"{context.ClientHelloInfo.ServerName} {context.State} {context.Connection.LocalEndPoint is not null}");
                return ValueTask.FromResult(options);
            },
        }));
        var visitor = new Visitor();

        Assert.Equal(("Kippu", "None"), await EngineAsync());
        Assert.Equal(("Kippu", "Psk"), await EngineAsync());
        Assert.Equal(["localhost state True", "localhost state True"], seen);

        async Task<(string, string)> EngineAsync() => await visitor.VisitAsync(host.Port) is var page ? (page.Engine, page.Resumption) : default;
    }

    [Fact]
    public async Task What_the_callback_demands_and_nobody_can_do_fails_the_handshake_by_its_name()
    {
        await using var host = await KestrelHost.StartAsync(listen => listen.UseKippu(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificate = TestPki.Server.Certificate, AllowRenegotiation = true }),
        }));

        await Assert.ThrowsAnyAsync<IOException>(() => new Visitor().VisitAsync(host.Port));

        Assert.Contains(host.Log.Warnings, warning => warning.Contains("AllowRenegotiation: ", StringComparison.Ordinal));
    }
}
