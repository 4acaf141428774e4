using System.Net.Security;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Tests.Wire.Messages;

/// <summary>Hellos: two that other programs sent, some of an RFC, and some of our own that hold every extension there is.</summary>
internal static class SampleHellos
{
    /// <summary>What `openssl s_client` of OpenSSL 3.0.19 sent to resume a session of TLS 1.2 by its ticket (without the handshake header).</summary>
    public static byte[] OpenSslClient { get; } = Convert.FromHexString(
        "0303D6BAD0AE358F509D034E5221CAEE0AC066F78816768E69D395E89D7BBB9C775120F170A20005BE0CEDEA0101BB7CF8D19D3E2D5C0057837A1280B7321656" +
        "A2CCCC0038C02CC030009FCCA9CCA8CCAAC02BC02F009EC024C028006BC023C0270067C00AC0140039C009C0130033009D009C003D003C0035002F00FF010001" +
        "260000000E000C0000096C6F63616C686F7374000B000403000102000A000C000A001D0017001E00190018002300B01B355EEF7C1BEAEB31AFF0CDD60E173A86" +
        "03998F28E0CF8F705C5BD2DEBC46AFE3CB4CA4AB54664A3B97329582DE2C26B655D261067BC9B40C1058F086D947844E4F5EB8F9F893611A323CF54FC9F91C6F" +
        "2AC6A437B94C3F5492E5CADB78182A671A2AF679A5CB2AAB766BA3207EA20A6811F9350F8472B48FD7ADAB041FBFC19812187DBA78857A216A8F3D7BAF883073" +
        "1F7FDA7F4B10721B7D23435CBF74D24253F3119348AB7CE48E2898249065EB0010000E000C02683208687474702F312E310016000000170000000D002A002804" +
        "0305030603080708080809080A080B080408050806040105010601030303010302040205020602");

    /// <summary>What `openssl s_server` of OpenSSL 3.0.19 answered.</summary>
    public static byte[] OpenSslServer { get; } = Convert.FromHexString(
        "030317EF022D6A400950BB76C41D09FDECD5D7867437C1934E656101DD72673108BC20F170A20005BE0CEDEA0101BB7CF8D19D3E2D5C0057837A1280B7321656" +
        "A2CCCCC02C000009FF0100010000170000");

    /// <summary>The ClientHello of RFC 8448 §3, which offers TLS 1.3 and holds extensions that a parser for TLS 1.2 must ignore.</summary>
    public static byte[] Rfc8448Client { get; } = Convert.FromHexString(
        "0303CB34ECB1E78163BA1C38C6DACB196A6DFFA21A8D9912EC18A2EF6283024DECE7000006130113031302010000910000000B0009000006736572766572FF01" +
        "000100000A00140012001D0017001800190100010101020103010400230000003300260024001D002099381DE560E4BD43D23D8E435A7DBAFEB3C06E51C13CAE" +
        "4D5413691E529AAF2C002B0003020304000D0020001E040305030603020308040805080604010501060102010402050206020202002D00020101001C00024001");

    /// <summary>A ClientHello with every extension that can be written.</summary>
    public static ClientHello Client => new()
    {
        LegacyVersion = 0x0303,
        Random = Counting(32),
        SessionId = Counting(32),
        CipherSuites = UInt16List.Of(0xC02B, 0xC02F, 0x00FF),
        ServerName = "www.example.org",
        SupportedGroups = UInt16List.Of(29, 23),
        EcPointFormats = new byte[] { 0 },
        SignatureAlgorithms = UInt16List.Of(0x0403, 0x0804),
        SignatureAlgorithmsCert = UInt16List.Of(0x0401),
        ApplicationProtocols = ProtocolNameList.Of([SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]),
        SessionTicket = Counting(96),
        ExtendedMasterSecret = true,
        RenegotiationInfo = ReadOnlyMemory<byte>.Empty,
        RecordSizeLimit = 16384,
        StatusRequest = true,
        SupportedVersions = UInt16List.Of(0x0304, 0x0303),
        SignedCertificateTimestamps = true,
        KeyShares = KeyShareList.Of(new KeyShareEntry(29, Counting(32)), new KeyShareEntry(23, Counting(65))),
        PskKeyExchangeModes = new byte[] { 1 },
        EarlyData = true,
        Cookie = Counting(20),
        CertificateAuthorities = [Counting(40), Counting(7)],
        TicketRequest = new TicketRequest(2, 1),
        PreSharedKeys = Offer,
    };

    /// <summary>Two tickets, the second of a suite with SHA-384; the binders are zero.</summary>
    public static OfferedPsks Offer => OfferedPsks.Of([new PskIdentity(Counting(100), 0x01020304), new PskIdentity(Counting(8), 5)], [32, 48]);

    /// <summary>A ServerHello with every extension that can be written for TLS 1.2.</summary>
    public static ServerHello Server => new()
    {
        Version = 0x0303,
        Random = Counting(32),
        SessionId = Counting(32),
        CipherSuite = 0xC02B,
        ServerName = true,
        EcPointFormats = new byte[] { 0 },
        ApplicationProtocol = SslApplicationProtocol.Http2.Protocol,
        SessionTicket = true,
        ExtendedMasterSecret = true,
        RenegotiationInfo = ReadOnlyMemory<byte>.Empty,
        RecordSizeLimit = 16384,
        StatusRequest = true,
    };

    /// <summary>A ServerHello with every extension that can be written for TLS 1.3.</summary>
    public static ServerHello Server13 => new()
    {
        Version = 0x0303,
        Random = Counting(32),
        SessionId = Counting(32),
        CipherSuite = 0x1301,
        SelectedVersion = 0x0304,
        KeyShare = new KeyShareEntry(29, Counting(32)),
        SelectedIdentity = 1,
    };

    /// <summary>A HelloRetryRequest with every extension that can be written.</summary>
    public static HelloRetryRequest Retry => new()
    {
        SessionId = Counting(32),
        CipherSuite = 0x1301,
        SelectedVersion = 0x0304,
        SelectedGroup = 23,
        Cookie = Counting(20),
    };

    /// <summary>A ClientHello without extensions.</summary>
    public static ClientHello BareClient => new()
    {
        LegacyVersion = 0x0303,
        Random = Counting(32),
        SessionId = default,
        CipherSuites = UInt16List.Of(0xC02B),
    };

    /// <summary>A ServerHello without extensions.</summary>
    public static ServerHello BareServer => new()
    {
        Version = 0x0303,
        Random = Counting(32),
        SessionId = default,
        CipherSuite = 0xC02B,
    };

    /// <summary>The bare ClientHello with these extensions, byte by byte as a peer may send them.</summary>
    public static byte[] ClientWith(params (int Type, string Data)[] extensions) => With(MessageSample.Write(BareClient), extensions);

    /// <summary>The bare ServerHello with these extensions, byte by byte as a peer may send them.</summary>
    public static byte[] ServerWith(params (int Type, string Data)[] extensions) => With(MessageSample.Write(BareServer), extensions);

    /// <summary>A HelloRetryRequest with these extensions and no others, byte by byte as a peer may send them.</summary>
    public static byte[] RetryWith(params (int Type, string Data)[] extensions) =>
        With(MessageSample.Write(new HelloRetryRequest { SessionId = default, CipherSuite = 0x1301 })[..^2], extensions);

    /// <summary>These bytes and a vector of these extensions behind them.</summary>
    public static byte[] With(byte[] start, (int Type, string Data)[] extensions)
    {
        using var buffer = new WireBuffer();
        var writer = new TlsWriter(buffer);
        writer.WriteBytes(start);
        using (writer.Vector16())
        {
            foreach (var (type, data) in extensions)
            {
                writer.WriteUInt16((ushort)type);
                writer.WriteVector16(Convert.FromHexString(data));
            }
        }

        return buffer.Written.ToArray();
    }

    /// <summary>1, 2, 3 and so on.</summary>
    public static byte[] Counting(int count) => [.. Enumerable.Range(1, count).Select(i => (byte)i)];
}
