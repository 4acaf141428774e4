using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Handshake.Peers;

/// <summary>What becomes of the end under test.</summary>
internal static class PeerAssert
{
    /// <summary>
    /// The victim has failed for this reason, has said so with this fatal alert and nothing after it, and says the same again whatever is tried.
    /// </summary>
    public static TlsException Refused(this HostilePeer peer, TlsFault fault, AlertDescription alert)
    {
        var thrown = peer.Victim.Fault;
        Assert.True(thrown is not null, $"the victim goes on: {string.Join(' ', peer.Flow)}");
        Assert.True(thrown.Fault == fault, $"{thrown.Fault} instead of {fault}: {thrown.Message}");
        Assert.NotEqual("", thrown.Message);
        Assert.Equal(alert, thrown.Alert);
        peer.Listen();
        Assert.Equal(1, peer.AlertCount);
        Assert.Equal("Alert", peer.Flow[^1]);
        Assert.Equal(alert, peer.Alert!.Value.Description);
        Assert.True(peer.Alert.Value.IsFatal);
        StaysFaulted(peer.Victim, thrown);
        return thrown;
    }

    /// <summary>The victim has failed for this reason without a word: the peer is gone, or has spoken itself.</summary>
    public static TlsException Silent(this HostilePeer peer, TlsFault fault)
    {
        var thrown = peer.Victim.Fault;
        Assert.NotNull(thrown);
        Assert.True(thrown.Fault == fault, $"{thrown.Fault} instead of {fault}: {thrown.Message}");
        peer.Listen();
        Assert.Equal(0, peer.AlertCount);
        StaysFaulted(peer.Victim, thrown);
        return thrown;
    }

    /// <summary>Both ends are connected, and data flows both ways.</summary>
    public static void Connected(this HostilePeer peer)
    {
        Assert.True(peer.Victim.Fault is null, $"{peer.Victim.Fault?.Fault}: {peer.Victim.Fault?.Message}");
        Assert.True(peer.Victim.Connection.IsConnected, string.Join(' ', peer.Flow));
        Assert.True(peer.HeardFinished);
        byte[] data = [1, 2, 3];
        var before = peer.Victim.Delivered.Count;
        peer.SendData(data);
        Assert.Equal(data, peer.Victim.Delivered[before..]);
        before = peer.Data.Count;
        peer.Hear(peer.Victim.Write(data));
        Assert.Equal(data, peer.Data[before..]);
    }

    private static void StaysFaulted(Endpoint victim, TlsException thrown)
    {
        Assert.Same(thrown, Record.Exception(() => victim.Connection.Read([], [])));
        Assert.Same(thrown, Record.Exception(() => victim.Connection.Write([1], new byte[100])));
        Assert.False(victim.Connection.CanWrite);
        Assert.False(victim.Connection.HasPendingOutput);
        Assert.Equal(0, victim.Connection.Drain(new byte[100]));
    }
}
