using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>RFC 5246 §7.2.2: a session whose connection ended in a fatal alert is not resumed.</summary>
public sealed class AbandonedSessionTests
{
    [Fact]
    public void A_client_does_not_offer_a_session_again_whose_resumption_failed()
    {
        var time = TestServers.Clock();
        var server = TestServers.Server(time);
        var client = TestServers.Client(time);
        new ConnectionPair(client, server).Connect().Dispose();

        using var broken = new ConnectionPair(client, server)
        {
            Tamper = static (fromClient, bytes) =>
            {
                if (!fromClient)
                {
                    bytes[^1] ^= 1;
                }

                return bytes;
            },
        };
        broken.Run();
        Assert.Equal(TlsFault.BadRecordMac, broken.Client.Fault?.Fault);
        Assert.False(new WireView(broken.FromClient).ClientHello.SessionTicket!.Value.IsEmpty);

        using var next = new ConnectionPair(client, server).Connect();
        Assert.True(new WireView(next.FromClient).ClientHello.SessionTicket!.Value.IsEmpty);
        Assert.False(next.Client.Connection.Info.IsResumed);
    }
}
