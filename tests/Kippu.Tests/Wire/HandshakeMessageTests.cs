using Kippu.Wire;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Wire;

public sealed class HandshakeMessageTests
{
    [Fact]
    public void Header_and_body_are_one_piece()
    {
        byte[] raw = [0x14, 0x00, 0x00, 0x02, 0xAA, 0xBB];
        var message = WholeMessage.Parse(raw);

        Assert.Equal(HandshakeType.Finished, message.Type);
        Assert.Equal(raw, message.Raw.ToArray());
        Assert.Equal([0xAA, 0xBB], message.Body.ToArray());
    }

    [Fact]
    public void Framing_puts_type_and_length_before_each_body()
    {
        using var buffer = new WireBuffer();
        HandshakeFraming.Write(buffer, ServerHelloDone.Instance);
        HandshakeFraming.Write(buffer, new ClientKeyExchange { PublicKey = new byte[] { 1, 2, 3 } });
        using (HandshakeFraming.Open(buffer, HandshakeType.NewSessionTicket))
        {
            NewSessionTicket12.Write(new TlsWriter(buffer), 7, [9]);
        }

        Assert.Equal("0E000000" + "10000004" + "03010203" + "04000007" + "00000007000109", Convert.ToHexString(buffer.Written));
    }
}
