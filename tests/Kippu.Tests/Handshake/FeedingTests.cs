using Kippu.Tests.Handshake.Peers;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>
/// However the transport delivers: whole, byte by byte, cut in two at every boundary, or ended at every byte. Three handshakes are tried: a full one, an
/// abbreviated one with a renewed ticket, and one with a client certificate.
/// </summary>
public sealed class FeedingTests
{
    private static readonly string[] s_kinds = ["full", "abbreviated", "with a client certificate"];

    public static TheoryData<string> Kinds => [.. s_kinds];

    public static TheoryData<string, bool> KindsAndDirections
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var kind in s_kinds)
            {
                data.Add(kind, true);
                data.Add(kind, false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Byte_by_byte(string kind)
    {
        var scene = new Scene(kind);
        using var whole = scene.Run();
        using var pair = scene.Run(bytes => bytes.Select(b => new[] { b }));

        Assert.Equal(new WireView(whole.FromServer).Flow, new WireView(pair.FromServer).Flow);
        Assert.Equal(new WireView(whole.FromClient).Flow, new WireView(pair.FromClient).Flow);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Cut_in_two_at_every_boundary(string kind)
    {
        var scene = new Scene(kind);
        using var whole = scene.Run();
        var longest = Math.Max(whole.FromClient.Count, whole.FromServer.Count);
        for (var cut = 1; cut < longest; cut++)
        {
            using var pair = scene.Run(bytes => cut < bytes.Length ? [bytes[..cut], bytes[cut..]] : [bytes]);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void In_pieces_of_every_small_length(string kind)
    {
        var scene = new Scene(kind);
        for (var length = 2; length < 20; length++)
        {
            using var pair = scene.Run(bytes => bytes.Chunk(length));
        }
    }

    [Theory]
    [MemberData(nameof(KindsAndDirections))]
    public void Ended_at_every_byte_it_is_a_truncation(string kind, bool fromClient)
    {
        // Until everything was delivered: how much that is depends on the signatures, whose lengths vary.
        var scene = new Scene(kind);
        var isConnected = false;
        for (var end = 0; !isConnected; end++)
        {
            using var pair = scene.Begin();
            var left = end;
            pair.Tamper = (ofClient, bytes) =>
            {
                if (ofClient != fromClient)
                {
                    return bytes;
                }

                var delivered = Math.Min(left, bytes.Length);
                left -= delivered;
                return bytes[..delivered];
            };
            pair.Run();
            var victim = fromClient ? pair.Server : pair.Client;
            Assert.True(victim.Fault is null, $"after {end} bytes: {victim.Fault?.Message}");
            isConnected = victim.Connection.IsConnected;
            Assert.Equal(isConnected, end >= (fromClient ? pair.FromClient : pair.FromServer).Count);
            Assert.Equal(TlsReadStatus.NeedsInput, victim.Connection.Read([], []).Status);
            victim.EndOfInput();

            Assert.Equal(TlsFault.Truncated, victim.Fault!.Fault);
            Assert.Null(victim.Fault.Alert);
            Assert.False(victim.Connection.HasPendingOutput);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Data_is_truncated_too_wherever_it_ends(bool victimIsServer)
    {
        const int Length = 60;
        for (var end = 0; end <= Length + 5; end++)
        {
            using var peer = HostilePeer.Of(victimIsServer, TestServers.Clock());
            peer.Connect();
            var record = peer.Records.Seal(Kippu.Wire.ContentType.ApplicationData, new byte[Length]);
            peer.SendBytes(record.AsSpan(0, Math.Min(end, record.Length)));
            peer.HangUp();

            Assert.Equal(TlsFault.Truncated, peer.Silent(TlsFault.Truncated).Fault);
        }
    }

    /// <summary>A client and a server that make one kind of handshake, again and again.</summary>
    private sealed class Scene
    {
        private readonly bool _resumes;
        private readonly TlsClient _client;
        private readonly TlsServer _server;
        private readonly byte[] _sessions = [];

        public Scene(string kind)
        {
            var time = TestServers.Clock();
            _resumes = kind == s_kinds[1];
            var authenticates = kind == s_kinds[2];
            _server = TestServers.Server(time, options =>
            {
                options.Tickets.Renewal = TicketRenewal.Always;
                options.ClientCertificate = authenticates ? ClientCertificateRequirement.Required : ClientCertificateRequirement.None;
            });
            _client = TestServers.Client(time, options => options.Credentials.Add(TestPki.Client.Credential));
            if (_resumes)
            {
                using var first = new ConnectionPair(_client, _server).Connect();
                using var exported = new MemoryStream();
                _client.SessionStore.Export(exported);
                _sessions = exported.ToArray();
            }
        }

        /// <summary>The two ends, with the one session if this is about resumption.</summary>
        public ConnectionPair Begin()
        {
            _client.SessionStore.Clear();
            if (_resumes)
            {
                _client.SessionStore.Import(new MemoryStream(_sessions), TestPki.Now);
            }

            return new ConnectionPair(_client, _server);
        }

        public ConnectionPair Run(Func<byte[], IEnumerable<byte[]>>? cut = null)
        {
            var pair = Begin();
            pair.Cut = cut ?? pair.Cut;
            pair.Connect();
            Assert.Equal(_resumes, pair.Client.Connection.Info.IsResumed);
            Assert.Equal(_resumes, pair.Server.Connection.Info.IsResumed);
            byte[] data = [1, 2, 3];
            foreach (var piece in pair.Cut(pair.Client.Write(data)))
            {
                pair.Server.Receive(piece);
            }

            foreach (var piece in pair.Cut(pair.Server.Write(data)))
            {
                pair.Client.Receive(piece);
            }

            Assert.Equal(data, pair.Server.Delivered);
            Assert.Equal(data, pair.Client.Delivered);
            return pair;
        }
    }
}
