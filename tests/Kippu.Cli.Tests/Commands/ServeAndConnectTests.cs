using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Kippu.Cli.Tests.Commands;

public sealed class ServeAndConnectTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("1.2", "1", "2b")]
    [InlineData("1.3", "full", "psk")]
    public async Task A_client_that_comes_again_resumes(string version, string full, string resumed)
    {
        var ca = _directory.File("ca.pem");
        await using var server = await RunningServer.StartAsync("--save-ca", ca);

        var (run, json) = await ConnectAsync(server, "--ca", ca, "--reconnect", "2", "--tls", version);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal([full, resumed, resumed], Strings(json, "pattern"));
        Assert.All(json.GetProperty("connections").EnumerateArray(), connection => Assert.Equal("HTTP/1.1 200 OK", connection.GetProperty("answer").GetString()));
        var served = await server.StopAsync();
        Assert.Equal(0, served.ExitCode);
        Assert.Contains("stopped: 3 connections, 3 with a complete handshake, 2 resumed", served.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.2", "2b")]
    [InlineData("1.3", "psk")]
    public async Task A_second_server_with_the_same_ring_resumes_the_first_ones_session(string version, string pattern)
    {
        var ring = _directory.File("ring.json");
        await Run.Kippu("keys", "new", ring, "--plain");

        var (run, json, _) = await MoveToAnotherServerAsync(["--ring", ring, "--tls", version], ["--ring", ring, "--tls", version]);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal([pattern], Strings(json, "pattern"));
    }

    [Theory]
    [InlineData("1.2", "4")]
    [InlineData("1.3", "psk-refused")]
    public async Task A_server_with_another_ring_does_not_and_that_is_a_finding(string version, string pattern)
    {
        var (run, json, served) = await MoveToAnotherServerAsync(["--tls", version], ["--tls", version]);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal([pattern], Strings(json, "pattern"));
        Assert.Contains("do its nodes share ticket keys?", json.GetProperty("findings")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("UnknownKey", served.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_scope_keeps_services_on_one_ring_apart()
    {
        var ring = _directory.File("ring.json");
        await Run.Kippu("keys", "new", ring, "--plain");

        var (run, _, served) = await MoveToAnotherServerAsync(["--ring", ring], ["--ring", ring, "--scope", "another"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("WrongScope", served.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.2", "1", "2b")]
    [InlineData("1.3", "full", "psk")]
    public async Task A_client_certificate_is_remembered_by_the_ticket(string version, string full, string resumed)
    {
        var (options, certificate) = TestCertificate.Create(_directory, "alice", isClient: true);
        await using var server = await RunningServer.StartAsync("--client-cert", "required", "--client-ca", certificate, "--tls", version);

        var without = await Run.Kippu("connect", server.Target, "--insecure");
        var (run, json) = await ConnectAsync(server, ["--insecure", "--reconnect", "1", .. options]);
        var served = await server.StopAsync();

        Assert.Equal(1, without.ExitCode);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal([full, resumed], Strings(json, "pattern"));
        Assert.Equal(2, served.Output.Split("client: CN=alice").Length - 1);
    }

    [Theory]
    [InlineData("2", "--renew", "always")]
    [InlineData("2b", "--renew", "never")]
    [InlineData("5", "--no-tickets", "")]
    public async Task Options_of_the_server_decide_how_it_resumes(string pattern, string option, string value)
    {
        await using var server = await RunningServer.StartAsync(["--tls", "1.2", option, .. value.Length > 0 ? new[] { value } : []]);

        var (run, json) = await ConnectAsync(server, "--insecure", "--reconnect", "1", option == "--no-tickets" ? "--no-ticket" : "--no-session-id");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(pattern, Strings(json, "pattern")[1]);
    }

    [Fact]
    public async Task Without_anything_to_resume_by_a_full_handshake_is_expected()
    {
        await using var server = await RunningServer.StartAsync("--no-tickets", "--no-session-ids");

        Assert.Equal(0, (await ConnectAsync(server, "--insecure", "--reconnect", "1", "--no-ticket", "--no-session-id")).Run.ExitCode);
        Assert.Equal(0, (await ConnectAsync(server, "--insecure", "--reconnect", "1", "--no-ticket", "--tls", "1.3")).Run.ExitCode);
        Assert.Equal(1, (await ConnectAsync(server, "--insecure", "--reconnect", "1")).Run.ExitCode);
    }

    [Fact]
    public async Task An_unknown_authority_is_a_finding_and_its_way_out_is_named()
    {
        await using var server = await RunningServer.StartAsync();

        var run = await Run.Kippu("connect", server.Target);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("--ca FILE", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_made_without_verification_are_not_offered_with_it()
    {
        var (ca, sessions) = (_directory.File("ca.pem"), _directory.File("sessions.json"));
        await using var server = await RunningServer.StartAsync("--save-ca", ca);
        await Run.Kippu("connect", server.Target, "--insecure", "--session-out", sessions);

        var (run, json) = await ConnectAsync(server, "--ca", ca, "--session-in", sessions);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["full"], Strings(json, "pattern"));
    }

    [Fact]
    public async Task Both_sides_draw_TLS_1_3_too_and_the_server_opens_its_tickets()
    {
        await using var server = await RunningServer.StartAsync("--trace", "--groups", "P-384,P-256");

        var run = await Run.Kippu("connect", server.Target, "--insecure", "--trace", "--reconnect", "1", "--no-request");
        var served = await server.StopAsync();

        Assert.Equal(0, run.ExitCode);
        Assert.All([run.Output, served.Output], text =>
        {
            Assert.Contains("hrr: HelloRetryRequest, without PSK", text, StringComparison.Ordinal);
            Assert.Contains("hrr-psk: HelloRetryRequest, resumed by PSK", text, StringComparison.Ordinal);
            Assert.Contains("[NewSessionTicket]", text, StringComparison.Ordinal);
            Assert.Contains("obfuscated_ticket_age", text, StringComparison.Ordinal);
        });
        Assert.Contains("(encrypted)", run.Output, StringComparison.Ordinal);
        Assert.Contains("the ticket offered, opened with the ring", served.Output, StringComparison.Ordinal);
        Assert.Contains("pre-shared key", served.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("does not open", served.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_sides_draw_the_ladder_and_the_server_opens_the_ticket()
    {
        await using var server = await RunningServer.StartAsync("--trace");

        var run = await Run.Kippu("connect", server.Target, "--insecure", "--trace", "--tls", "1.2");
        var served = await server.StopAsync();

        Assert.All([run.Output, served.Output], text =>
        {
            Assert.Contains("(empty SessionTicket extension) -------->", text, StringComparison.Ordinal);
            Assert.Contains("1: full, ticket issued", text, StringComparison.Ordinal);
            Assert.Contains("encrypted_state", text, StringComparison.Ordinal);
        });
        Assert.Contains("change_cipher_spec", run.Output, StringComparison.Ordinal);
        Assert.Contains("the ticket issued, opened with the ring", served.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_tells_its_client_what_was_negotiated_in_the_form_it_wants()
    {
        var ca = _directory.File("ca.pem");
        await using var server = await RunningServer.StartAsync("--save-ca", ca, "--alpn", "h2,http/1.1", "--groups", "P-384", "--ciphers", "ECDHE-ECDSA-AES256-GCM-SHA384");
        using var client = ClientThatTrusts(ca);

        var text = await client.GetStringAsync($"https://{server.Target}/");
        using var json = JsonDocument.Parse(await client.GetStringAsync($"https://{server.Target}/json"));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{server.Target}/") { Headers = { { "Accept", "application/json" } } };
        using var byHeader = await client.SendAsync(request);

        Assert.Contains("secp384r1", text, StringComparison.Ordinal);
        Assert.Equal("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", json.RootElement.GetProperty("cipherSuite").GetString());
        Assert.Equal("application/json", byHeader.Content.Headers.ContentType!.MediaType);
        Assert.Equal(System.Net.HttpStatusCode.MethodNotAllowed, (await client.PostAsync($"https://{server.Target}/", null)).StatusCode);
    }

    [Fact]
    public async Task A_server_that_speaks_no_TLS_is_not_measured()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(async () =>
        {
            using var socket = await listener.AcceptSocketAsync();
            await socket.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        });

        var run = await Run.Kippu("connect", listener.LocalEndpoint.ToString()!);
        await answering;

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("no TLS there", run.Error, StringComparison.Ordinal);
    }

    /// <summary>A session from one server, offered to another of the same certificate and port, so that the client takes them for one.</summary>
    private async Task<(Run Run, JsonElement Report, Run Served)> MoveToAnotherServerAsync(string[] first, string[] second)
    {
        var sessions = _directory.File("sessions.json");
        var (options, certificate) = TestCertificate.Create(_directory, "localhost");
        await using var one = await RunningServer.StartAsync([.. options, .. first]);
        Assert.Equal(0, (await Run.Kippu("connect", one.Target, "--ca", certificate, "--session-out", sessions)).ExitCode);
        await one.StopAsync();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(sessions));
        }

        await using var other = await RunningServer.StartAsync([.. options, "--port", one.Target.Split(':')[1], .. second]);
        var (run, report) = await ConnectAsync(other, "--ca", certificate, "--session-in", sessions);
        return (run, report, await other.StopAsync());
    }

    private static HttpClient ClientThatTrusts(string ca)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(ca);
        return new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy } });
    }

    private static async Task<(Run Run, JsonElement Report)> ConnectAsync(RunningServer server, params string[] arguments)
    {
        var run = await Run.Kippu(["connect", server.Target, "--json", .. arguments]);
        using var json = JsonDocument.Parse(run.Output);
        return (run, json.RootElement.Clone());
    }

    private static string[] Strings(JsonElement report, string property) =>
        [.. report.GetProperty("connections").EnumerateArray().Select(connection => connection.GetProperty(property).GetString()!)];
}
