using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>The write half closes while the read half is about to send the client's flight of TLS 1.3: both come to the same change of keys.</summary>
public sealed class CloseBesideHandshakeTests
{
    private readonly FakeTimeProvider _time = TestServers.Clock();

    [Fact]
    public void A_clients_flight_is_never_in_clear_and_never_behind_close_notify()
    {
        var observer = new Observer();
        using var peer = new HostileServer13(TestServers.Client13(_time, options => options.Observer = observer));
        peer.SendHello();
        var flight = peer.Capture(() =>
        {
            peer.SendEncryptedExtensions();
            peer.SendCertificate();
            peer.SendCertificateVerify();
            peer.SendFinished();
        });
        var reader = new Thread(() => peer.Victim.Receive(flight));
        observer.OnChangeCipherSpec = () =>
        {
            // In the middle of the change: the reader gets as far as it can, which is to its end or to where it has to wait.
            reader.Start();
            while (reader.IsAlive && (reader.ThreadState & ThreadState.WaitSleepJoin) == 0)
            {
                Thread.Yield();
            }
        };
        peer.Victim.Connection.Close();
        reader.Join();

        Assert.Null(peer.Victim.Fault);
        Assert.True(peer.Victim.Connection.IsConnected);
        var wire = peer.Victim.Drain();
        Assert.NotEqual((byte)ContentType.Handshake, FirstAfterChangeCipherSpec(wire));
        peer.Hear(wire);

        // RFC 8446 §6.1: close_notify says that nothing follows.
        Assert.Equal("Alert", peer.Flow[^1]);
        Assert.False(peer.HeardFinished);
    }

    /// <summary>The type of the first record that is no ChangeCipherSpec.</summary>
    private static byte FirstAfterChangeCipherSpec(byte[] wire)
    {
        var position = 0;
        while (wire[position] == (byte)ContentType.ChangeCipherSpec)
        {
            position += 5 + wire[position + 4];
        }

        return wire[position];
    }

    private sealed class Observer : IHandshakeObserver
    {
        public Action OnChangeCipherSpec { get; set; } = static () => { };

        public void OnEvent(long connection, in HandshakeEvent e)
        {
            if (e is { IsSent: true, Kind: HandshakeEventKind.ChangeCipherSpec })
            {
                OnChangeCipherSpec();
            }
        }
    }
}
