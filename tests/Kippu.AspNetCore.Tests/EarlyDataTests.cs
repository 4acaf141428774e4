using System.Net;
using System.Net.Sockets;
using System.Text;
using Kippu.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kippu.AspNetCore.Tests;

/// <summary>0-RTT and RFC 8470.</summary>
public sealed class EarlyDataTests
{
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task An_endpoint_that_has_not_allowed_early_data_answers_425_to_it()
    {
        await using var host = await StartAsync();
        var client = await ClientWithSessionAsync(host);

        var answer = await AskEarlyAsync(client, host.Port, "GET /guarded HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 425 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_has_allowed_it_is_served_before_the_handshake_is_complete()
    {
        await using var host = await StartAsync();
        var client = await ClientWithSessionAsync(host);

        var answer = await AskEarlyAsync(client, host.Port, "GET /allowed HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Equal("complete=False accepted=True", Visitor.Body(answer));
    }

    [Fact]
    public async Task A_request_may_begin_in_early_data_and_end_after_it()
    {
        await using var host = await StartAsync();
        var client = await ClientWithSessionAsync(host);

        var answer = await AskEarlyAsync(client, host.Port, "GET /guarded HTTP/1.1\r\nHost: local", "host\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Equal("complete=True accepted=True", Visitor.Body(answer));
    }

    [Theory]
    [InlineData("/guarded", "425")]
    [InlineData("/allowed", "200")]
    public async Task A_proxys_word_that_a_request_was_early_is_heeded(string path, string status)
    {
        await using var host = await StartAsync();

        var answer = await new Visitor().AskAsync(host.Port, path, header: "Early-Data: 1\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_application_without_the_guard_does_not_start_with_early_data()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => KestrelHost.StartAsync(listen => listen.UseKippu(), Settings));

        Assert.StartsWith("Kippu:EarlyData: early data can be replayed, and nothing keeps it from endpoints", refused.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Settings => new() { ["Kippu:EarlyData:MaxSize"] = "16384" };

    private Task<KestrelHost> StartAsync() => KestrelHost.StartAsync(
        listen => listen.UseKippu(options => options.EarlyData.ReplayGuard = new OpenGuard()), Settings, map: app =>
        {
            app.Use(async (context, next) =>
            {
                await next(context);
                if (context.Request.Path != "/")
                {
                    _answered.TrySetResult();
                }
            });
            app.UseRouting();
            app.UseEarlyDataGuard();
            app.MapGet("/guarded", Describe);
            app.MapGet("/allowed", Describe).AllowEarlyData();
        });

    private static string Describe(HttpContext context)
    {
        var feature = context.Features.Get<IKippuConnectionFeature>()!;
        return $"complete={feature.IsHandshakeComplete} accepted={feature.Info.EarlyDataAccepted}";
    }

    private static async Task<TlsClient> ClientWithSessionAsync(KestrelHost host)
    {
        var client = new TlsClient(new TlsClientOptions { ServerVerification = TestPki.Verification, EnableEarlyData = true });
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, host.Port, Visitor.Token);
        await using var tls = new TlsStream(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(client, new TlsTarget("localhost"), Visitor.Token);
        await tls.WriteAsync("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray(), Visitor.Token);
        await tls.CopyToAsync(Stream.Null, Visitor.Token);
        return client;
    }

    /// <summary>Without anything <paramref name="late"/> the client's Finished is held until the application has answered: the request is early for certain.</summary>
    private async Task<string> AskEarlyAsync(TlsClient client, int port, string early, string late = "")
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, port, Visitor.Token);
        await using var tls = new TlsStream(late.Length > 0 ? tcp.GetStream() : new HeldStream(tcp.GetStream(), _answered.Task));
        await tls.AuthenticateAsClientAsync(client, new TlsTarget("localhost"), new ClientEarlyData(Encoding.ASCII.GetBytes(early), EarlyDataFallback.LeaveToCaller), Visitor.Token);
        Assert.True(tls.Info.EarlyDataAccepted);
        await tls.WriteAsync(Encoding.ASCII.GetBytes(late), Visitor.Token);
        using var reader = new StreamReader(tls);
        return await reader.ReadToEndAsync(Visitor.Token);
    }

    /// <summary>One that has recorded long enough: the default one refuses early data until its window has passed.</summary>
    private sealed class OpenGuard : IReplayGuard
    {
        public ValueTask<bool> TryUseAsync(ReadOnlyMemory<byte> key, DateTimeOffset expires, CancellationToken cancellationToken) => new(true);
    }
}
