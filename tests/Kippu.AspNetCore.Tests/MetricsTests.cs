using System.Net;
using System.Net.Sockets;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Kippu.AspNetCore.Tests;

public sealed class MetricsTests
{
    [Fact]
    public async Task Handshakes_stand_in_Kestrels_own_instruments_and_in_ours()
    {
        await using var host = await KestrelHost.StartAsync(listen => listen.UseKippu());
        using var seen = new MeasurementCollector(host.Services.GetRequiredService<IMeterFactory>());
        var visitor = new Visitor();
        await visitor.VisitAsync(host.Port);
        await visitor.VisitAsync(host.Port);

        var kestrel = await seen.WaitAsync("kestrel.connection.duration", 2);
        Assert.All(kestrel, measurement => Assert.Equal(("kippu", "1.3"), (measurement["kippu.engine"], measurement["tls.protocol.version"])));
        Assert.All(seen.Of("kestrel.tls_handshake.duration"), measurement => Assert.Equal(("127.0.0.1", host.Port, "ipv4", "tcp", "1.3"), (
            measurement["server.address"], measurement["server.port"], measurement["network.type"], measurement["network.transport"], measurement["tls.protocol.version"])));
        Assert.Equal(0, seen.Of("kestrel.active_tls_handshakes").Sum(measurement => measurement.Value));
        Assert.Equal(["full", "psk"], seen.Of("kippu.handshake.duration").Select(measurement => measurement["kippu.handshake.kind"]));
        Assert.Equal([2, 1], seen.Of("kippu.tickets.issued").Select(measurement => measurement.Value));
        Assert.Single(seen.Of("kippu.ticket.age"));
        Assert.Empty(seen.Of("kippu.ticket.refusals"));
    }

    /// <summary>One instrument for both engines, so that a dashboard for Kestrel goes on working.</summary>
    [Fact]
    public async Task Kestrels_instrument_is_found_not_made_again()
    {
        await using var host = await KestrelHost.StartAsync(listen => listen.UseKippu(), new() { ["Kippu:Mode"] = "Off" });
        using var seen = new MeasurementCollector(host.Services.GetRequiredService<IMeterFactory>());
        await Visitor.BrowseAsync(host.Port, HttpVersion.Version11);
        host.Set("Kippu:Mode", "On");
        await Visitor.BrowseAsync(host.Port, HttpVersion.Version11);

        foreach (var name in new[] { "kestrel.tls_handshake.duration", "kestrel.active_tls_handshakes" })
        {
            Assert.Single(seen.Of(name).Select(measurement => measurement.Instrument).Distinct());
        }

        var tags = seen.Of("kestrel.tls_handshake.duration").Select(measurement => string.Join(' ', measurement.Tags.Keys.Order())).ToList();
        Assert.Equal(2, tags.Count);
        Assert.Equal(tags[0], tags[1]);
    }

    [Fact]
    public async Task A_refused_ticket_and_a_failed_handshake_are_counted_by_their_reason()
    {
        await using var one = await KestrelHost.StartAsync(listen => listen.UseKippu());
        await using var two = await KestrelHost.StartAsync(listen => listen.UseKippu());
        using var seen = new MeasurementCollector(two.Services.GetRequiredService<IMeterFactory>());
        var visitor = new Visitor();
        await visitor.VisitAsync(one.Port);
        await visitor.VisitAsync(two.Port);
        using (var tcp = new TcpClient())
        {
            await tcp.ConnectAsync(IPAddress.Loopback, two.Port, Visitor.Token);
            await tcp.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Visitor.Token);
            await seen.WaitAsync("kestrel.connection.duration", 2);
        }

        Assert.Equal("unknown_key", Assert.Single(seen.Of("kippu.ticket.refusals"))["kippu.refusal.reason"]);
        Assert.Contains(seen.Of("kippu.handshake.duration"), measurement => measurement.Tags.TryGetValue("error.type", out var reason) && reason is "not_tls");
        Assert.Contains(seen.Of("kestrel.tls_handshake.duration"), measurement => measurement.Tags.TryGetValue("error.type", out var type) && type is "Kippu.TlsException");
        Assert.Contains(seen.Of("kestrel.connection.duration"), measurement => measurement.Tags.TryGetValue("error.type", out var type) && type is "tls_handshake_failed");
    }

    /// <summary>RFC 9112 §9.8: many clients close like that, and HTTP knows by itself that nothing is missing.</summary>
    [Fact]
    public async Task A_client_that_closes_without_close_notify_is_no_error()
    {
        await using var host = await KestrelHost.StartAsync(listen => listen.UseKippu());
        using var seen = new MeasurementCollector(host.Services.GetRequiredService<IMeterFactory>());
        using (var tcp = new TcpClient())
        {
            await tcp.ConnectAsync(IPAddress.Loopback, host.Port, Visitor.Token);
            var tls = new TlsStream(tcp.GetStream());
            await tls.AuthenticateAsClientAsync(new TlsClient(new TlsClientOptions { ServerVerification = Kippu.Tests.TestPki.Verification }), new TlsTarget("localhost"), Visitor.Token);
            await tls.WriteAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), Visitor.Token);
            Assert.True(await tls.ReadAsync(new byte[4096], Visitor.Token) > 0);
            tcp.Client.Shutdown(SocketShutdown.Both);
            await seen.WaitAsync("kestrel.connection.duration", 1);
        }

        Assert.DoesNotContain("error.type", seen.Of("kestrel.connection.duration")[0].Tags.Keys);
    }

    [Fact]
    public async Task The_ring_is_observed()
    {
        await using var host = await KestrelHost.StartAsync(listen => listen.UseKippu());
        using var seen = new MeasurementCollector(host.Services.GetRequiredService<IMeterFactory>());

        seen.Observe();

        Assert.Equal(1, seen.Of("kippu.ring.keys").Single(measurement => measurement["kippu.key.state"] is "active").Value);
        Assert.True(seen.Of("kippu.ring.time_left").Single().Value > 3600);
        Assert.Equal("default", seen.Of("kippu.ring.version").Single()["kippu.options"]);
    }
}
