using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>RFC 8446 §4.4.4: a server "MAY send data" after its Finished, before it has heard the client's; whether or not there was early data.</summary>
public sealed class HalfRttTests
{
    [Theory]
    [InlineData(Scene13.Full)]
    [InlineData(Scene13.Resumed)]
    [InlineData(Scene13.Retried)]
    [InlineData(Scene13.Early)]
    [InlineData(Scene13.EarlyRefused)]
    public void A_server_writes_before_the_clients_Finished(string kind)
    {
        using var pair = new Scene13(kind).Begin();
        Assert.False(pair.Server.Connection.CanWrite);
        pair.Server.Receive(pair.Client.Drain());
        if (kind == Scene13.Retried)
        {
            Assert.False(pair.Server.Connection.CanWrite);
            pair.Client.Receive(pair.Server.Drain());
            pair.Server.Receive(pair.Client.Drain());
        }

        Assert.True(pair.Server.Connection.CanWrite);
        Assert.False(pair.Server.Connection.IsConnected);
        pair.Client.Receive(pair.Server.Write("half"u8));

        Assert.Equal("half"u8.ToArray(), pair.Client.Delivered);
        Assert.False(pair.Server.Connection.IsConnected);
        pair.Connect();
    }
}
