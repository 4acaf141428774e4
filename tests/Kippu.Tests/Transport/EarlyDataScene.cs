using System.Buffers.Binary;
using System.Security.Authentication;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kippu.Tests.Handshake;
using Microsoft.Extensions.Time.Testing;

namespace Kippu.Tests.Transport;

/// <summary>A server that takes early data, and a client that holds tickets for it. The clock stands still.</summary>
internal sealed class EarlyDataScene
{
    /// <summary>The early data that a ticket allows; its bytes are found again in a stored session.</summary>
    public const int MaxSize = 0x1234;

    private EarlyDataScene(Action<TlsServerOptions>? server, Action<TlsClientOptions>? client)
    {
        Server = NewServer(server);
        Client = TestServers.Client(Clock, options =>
        {
            options.Protocols = SslProtocols.None;
            options.EnableEarlyData = true;
            client?.Invoke(options);
        });
    }

    public FakeTimeProvider Clock { get; } = TestServers.Clock();

    public TlsServer Server { get; }

    public TlsClient Client { get; }

    public static async Task<EarlyDataScene> CreateAsync(Action<TlsServerOptions>? server = null, Action<TlsClientOptions>? client = null)
    {
        var scene = new EarlyDataScene(server, client);
        // The replay guard has recorded for its whole window by then.
        scene.Clock.Advance(TimeSpan.FromMinutes(1));
        await using var pair = await TlsPair.ConnectAsync(scene.Server, scene.Client);
        await pair.Server.WriteAsync(new byte[1]);
        await pair.Client.ReadExactlyAsync(new byte[1]).AsTask().Soon();
        return scene;
    }

    public TlsServer NewServer(Action<TlsServerOptions>? configure = null) => TestServers.Server(Clock, options =>
    {
        options.Protocols = SslProtocols.None;
        options.EarlyData.MaxSize = MaxSize;
        configure?.Invoke(options);
    });

    /// <summary>A client that believes that its tickets allow more early data than they do.</summary>
    public TlsClient Presumptuous()
    {
        using var stored = new MemoryStream();
        Client.SessionStore.Export(stored);
        var json = JsonNode.Parse(stored.ToArray())!;
        foreach (var session in json["sessions"]!.AsArray())
        {
            var state = Convert.FromBase64String(session!["state"]!.GetValue<string>());
            var limit = new byte[sizeof(uint)];
            BinaryPrimitives.WriteInt32BigEndian(limit, MaxSize);
            var at = state.AsSpan().IndexOf(limit);
            BinaryPrimitives.WriteInt32BigEndian(state.AsSpan(at), 1_000_000);
            session["state"] = Convert.ToBase64String(state);
        }

        var store = new ClientSessionStore();
        using var altered = new MemoryStream(Encoding.UTF8.GetBytes(json.ToJsonString(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })));
        if (store.Import(altered, Clock.GetUtcNow()) == 0)
        {
            throw new InvalidOperationException("no session was imported");
        }

        return TestServers.Client(Clock, options =>
        {
            options.Protocols = SslProtocols.None;
            options.EnableEarlyData = true;
            options.SessionStore = store;
        });
    }
}
