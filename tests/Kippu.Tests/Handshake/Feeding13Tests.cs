using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>As <see cref="FeedingTests"/>, for the handshakes of TLS 1.3: whole, byte by byte, cut in two at every boundary, or ended at every byte.</summary>
public sealed class Feeding13Tests
{
    public static TheoryData<string> Kinds => [.. Scene13.Kinds];

    public static TheoryData<string, bool> KindsAndDirections
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var kind in Scene13.Kinds)
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
        var scene = new Scene13(kind);
        using var whole = scene.Run();
        using var pair = scene.Run(bytes => bytes.Select(b => new[] { b }));

        Assert.Equal(new WireView(whole.FromServer).Flow, new WireView(pair.FromServer).Flow);
        Assert.Equal(new WireView(whole.FromClient).Flow, new WireView(pair.FromClient).Flow);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Cut_in_two_at_every_boundary(string kind)
    {
        var scene = new Scene13(kind);
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
        var scene = new Scene13(kind);
        for (var length = 2; length < 20; length++)
        {
            using var pair = scene.Run(bytes => bytes.Chunk(length));
        }
    }

    [Theory]
    [MemberData(nameof(KindsAndDirections))]
    public void Ended_at_every_byte_it_is_a_truncation(string kind, bool fromClient)
    {
        var scene = new Scene13(kind);
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
            scene.Run(pair);
            var victim = fromClient ? pair.Server : pair.Client;
            Assert.True(victim.Fault is null, $"after {end} bytes: {victim.Fault?.Message}");
            isConnected = victim.Connection.IsConnected;

            // A server's tickets come when its client is connected already.
            Assert.True(fromClient ? isConnected == end >= pair.FromClient.Count : isConnected || end < pair.FromServer.Count);
            Assert.Equal(TlsReadStatus.NeedsInput, victim.Connection.Read([], []).Status);
            victim.EndOfInput();

            Assert.Equal(TlsFault.Truncated, victim.Fault!.Fault);
            Assert.Null(victim.Fault.Alert);
            Assert.False(victim.Connection.HasPendingOutput);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(700)]
    [InlineData(1400)]
    public void A_hello_with_a_share_of_a_hybrid_group_may_come_in_several_records(int fragmentLength)
    {
        // What a current browser sends: X25519MLKEM768 first, here towards a server that takes X25519.
        const int HybridShareLength = 1216;
        var server = TestServers.Server13(TestServers.Clock(), options => options.Groups.Add(NamedGroup.X25519));
        using var peer = new HostileClient13(server) { Records = { FragmentLength = fragmentLength } };
        var hello = peer.Hello();
        Assert.True(hello.KeyShares!.Value.TryFind((ushort)NamedGroup.X25519, out var own));
        hello.SupportedGroups = UInt16List.Of((ushort)NamedGroup.X25519MLKem768, (ushort)NamedGroup.X25519);
        hello.KeyShares = KeyShareList.Of(new KeyShareEntry((ushort)NamedGroup.X25519MLKem768, new byte[HybridShareLength]), own);
        peer.SendHello(hello);
        peer.Records.FragmentLength = int.MaxValue;
        peer.SendFinished();

        peer.Connected();
        Assert.Equal(NamedGroup.X25519, peer.Victim.Connection.Info.Group);
        Assert.False(peer.Victim.Connection.Info.RetriedHello);
    }
}
