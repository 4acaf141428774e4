using System.Text;
using Kippu.Alerts;
using Kippu.Wire;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Wire.Messages;

public sealed class ClientHelloTests
{
    [Fact]
    public void A_resuming_hello_of_OpenSSL_is_understood()
    {
        var hello = ClientHello.Parse(SampleHellos.OpenSslClient);

        Assert.Equal(0x0303, hello.LegacyVersion);
        Assert.StartsWith("D6BAD0AE358F509D", Convert.ToHexString(hello.Random.Span), StringComparison.Ordinal);
        Assert.Equal("F170A20005BE0CEDEA0101BB7CF8D19D3E2D5C0057837A1280B7321656A2CCCC", Convert.ToHexString(hello.SessionId.Span));
        Assert.Equal(28, hello.CipherSuites.Count);
        Assert.True(hello.CipherSuites.Contains(0x00FF));
        Assert.Equal([0], hello.CompressionMethods.ToArray());
        Assert.Equal("localhost", hello.ServerName);
        Assert.Equal([0, 1, 2], hello.EcPointFormats!.Value.ToArray());
        Assert.Equal("001D0017001E00190018", Convert.ToHexString(hello.SupportedGroups!.Value.Raw));
        Assert.Equal(176, hello.SessionTicket!.Value.Length);
        Assert.True(hello.ApplicationProtocols!.Value.Contains("http/1.1"u8));
        Assert.True(hello.ExtendedMasterSecret);
        Assert.Equal(20, hello.SignatureAlgorithms!.Value.Count);
        Assert.Null(hello.RenegotiationInfo);
        Assert.Null(hello.SupportedVersions);
        Assert.Null(hello.RecordSizeLimit);
        Assert.False(hello.StatusRequest);
        Assert.Equal("0000000B000A00230010001600170" + "00D", Convert.ToHexString(hello.ExtensionTypes.Raw));
    }

    [Fact]
    public void A_hello_for_TLS_1_3_is_understood()
    {
        var hello = ClientHello.Parse(SampleHellos.Rfc8448Client);

        Assert.Equal("server", hello.ServerName);
        Assert.Equal(0, hello.SessionTicket!.Value.Length);
        Assert.Equal(0, hello.RenegotiationInfo!.Value.Length);
        Assert.Equal(0x4001, hello.RecordSizeLimit!.Value);
        Assert.Equal(0x0304, hello.SupportedVersions!.Value[0]);
        Assert.Equal(1, hello.KeyShares!.Value.Count);
        Assert.True(hello.KeyShares.Value.TryFind(29, out var share));
        Assert.StartsWith("99381DE5", Convert.ToHexString(share.KeyExchange.Span), StringComparison.Ordinal);
        Assert.Equal([1], hello.PskKeyExchangeModes!.Value.ToArray());
        Assert.Null(hello.PreSharedKeys);
        Assert.False(hello.EarlyData);
        Assert.Equal("0000FF01000A00230033002B000D002D001C", Convert.ToHexString(hello.ExtensionTypes.Raw));
    }

    [Fact]
    public void Without_extensions_there_is_no_vector_of_them()
    {
        var body = MessageSample.Write(SampleHellos.BareClient);

        Assert.Equal(2 + 32 + 1 + 2 + 2 + 1 + 1, body.Length);
        Assert.True(ClientHello.Parse(body).ExtensionBlock.IsEmpty);
    }

    [Fact]
    public void An_empty_vector_of_extensions_is_legal()
    {
        var hello = ClientHello.Parse(SampleHellos.ClientWith());

        Assert.True(hello.ExtensionTypes.IsEmpty);
    }

    [Fact]
    public void What_is_absent_is_null_and_not_empty()
    {
        var hello = ClientHello.Parse(SampleHellos.ClientWith((0xABCD, "00")));

        Assert.Null(hello.ServerName);
        Assert.Null(hello.SupportedGroups);
        Assert.Null(hello.EcPointFormats);
        Assert.Null(hello.SignatureAlgorithms);
        Assert.Null(hello.SignatureAlgorithmsCert);
        Assert.Null(hello.ApplicationProtocols);
        Assert.Null(hello.SessionTicket);
        Assert.Null(hello.RenegotiationInfo);
        Assert.Null(hello.RecordSizeLimit);
        Assert.Null(hello.SupportedVersions);
        Assert.False(hello.ExtendedMasterSecret);
        Assert.False(hello.StatusRequest);
    }

    [Fact]
    public void RFC_5077_3_2_an_empty_ticket_is_not_an_absent_one() =>
        Assert.Equal(0, ClientHello.Parse(SampleHellos.ClientWith((35, ""))).SessionTicket!.Value.Length);

    [Fact]
    public void RFC_5077_appendix_A_the_extension_is_the_ticket_without_a_length_of_its_own() =>
        Assert.Equal([0, 1, 0xAA], ClientHello.Parse(SampleHellos.ClientWith((35, "0001AA"))).SessionTicket!.Value.ToArray());

    [Fact]
    public void RFC_8701_GREASE_is_ignored_wherever_it_stands()
    {
        var hello = ClientHello.Parse(SampleHellos.ClientWith(
            (0x0A0A, ""),
            (0x0A, "0004" + "2A2A" + "001D"),
            (0x0D, "0004" + "3A3A" + "0403"),
            (0x10, "0006" + "02" + "4A4A" + "02" + "6832"),
            (0x2B, "04" + "5A5A" + "0303"),
            (0xFAFA, "00")));

        Assert.True(hello.SupportedGroups!.Value.Contains(0x001D));
        Assert.True(hello.SignatureAlgorithms!.Value.Contains(0x0403));
        Assert.True(hello.ApplicationProtocols!.Value.Contains("h2"u8));
        Assert.True(hello.SupportedVersions!.Value.Contains(0x0303));
    }

    [Fact]
    public void RFC_5246_7_4_1_2_null_must_be_among_the_compression_methods()
    {
        var body = MessageSample.Write(SampleHellos.BareClient);
        body[^1] = 1;

        FaultAssert.Throws(TlsFault.IllegalParameter, () => ClientHello.Parse(body));
    }

    [Theory]
    [InlineData("0B", "020102", "0A", "0002001D", true)]
    [InlineData("0B", "020102", "0A", "00020017", true)]
    [InlineData("0B", "020102", "0A", "00020100", false)] // ffdhe2048 is no curve
    [InlineData("0B", "020001", "0A", "0002001D", false)]
    [InlineData("0B", "0101", "0D", "00020403", false)] // no groups at all
    public void RFC_8422_5_1_2_who_names_curves_takes_uncompressed_points(string first, string firstData, string second, string secondData, bool refused)
    {
        var body = SampleHellos.ClientWith((Convert.ToInt32(first, 16), firstData), (Convert.ToInt32(second, 16), secondData));

        FaultAssert.Throws(refused ? TlsFault.IllegalParameter : null, () => ClientHello.Parse(body));
    }

    [Theory]
    [InlineData(33)]
    [InlineData(255)]
    public void A_session_ID_has_at_most_32_bytes(int length)
    {
        var bare = MessageSample.Write(SampleHellos.BareClient);
        byte[] body = [.. bare[..34], (byte)length, .. new byte[length], .. bare[35..]];

        FaultAssert.Throws(TlsFault.MalformedMessage, () => ClientHello.Parse(body));
    }

    [Fact]
    public void An_odd_list_of_suites_is_malformed()
    {
        var bare = MessageSample.Write(SampleHellos.BareClient);
        byte[] body = [.. bare[..35], 0, 3, 0xC0, 0x2B, 0, 1, 0];

        FaultAssert.Throws(TlsFault.MalformedMessage, () => ClientHello.Parse(body));
    }

    [Fact]
    public void No_extension_without_data_is_written_last_and_pre_shared_key_always_is()
    {
        var hello = SampleHellos.Client;
        Assert.Equal(41, hello.ExtensionTypes[hello.ExtensionTypes.Count - 1]);

        hello.PreSharedKeys = null;
        Assert.NotEqual(0, MessageSample.Write(hello)[^1]);
    }

    [Fact]
    public void Parsing_allocates_the_object_and_the_name_and_nothing_else()
    {
        var small = Allocated(SampleHellos.ClientWith((0, "000C0000096C6F63616C686F7374")));
        var large = Allocated(SampleHellos.OpenSslClient);

        Assert.Equal(small, large);
        Assert.InRange(large, 100, 600);
    }

    [Fact]
    public void What_is_parsed_is_a_view_of_what_arrived()
    {
        var body = SampleHellos.OpenSslClient.ToArray();
        var hello = ClientHello.Parse(body);
        body.AsSpan().Clear();

        Assert.Equal(new byte[32], hello.Random.ToArray());
        Assert.Equal("localhost", hello.ServerName);
    }

    [Fact]
    public void The_longest_name_and_ticket_still_fit()
    {
        var hello = SampleHellos.BareClient;
        hello.ServerName = new string('a', 255);
        hello.SessionTicket = Encoding.ASCII.GetBytes(new string('t', 60_000));
        var read = ClientHello.Parse(MessageSample.Write(hello));

        Assert.Equal(hello.ServerName, read.ServerName);
        Assert.Equal(60_000, read.SessionTicket!.Value.Length);
    }

    private static long Allocated(byte[] body)
    {
        for (var i = 0; i < 50; i++)
        {
            ClientHello.Parse(body);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        ClientHello.Parse(body);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
