using Kippu.Wire;
using Kippu.Wire.Messages;
using Xunit;

namespace Kippu.Tests.Wire.Messages;

/// <summary>RFC 8446 §4.1.2: what a client may and must change in the hello that answers a HelloRetryRequest.</summary>
public sealed class SecondClientHelloTests
{
    private static readonly HelloRetryRequest s_forGroup = new() { SessionId = default, CipherSuite = 0x1301, SelectedGroup = 23 };
    private static readonly HelloRetryRequest s_forCookie = new() { SessionId = default, CipherSuite = 0x1301, Cookie = new byte[] { 1, 2 } };

    [Fact]
    public void What_is_asked_for_is_allowed() => FaultAssert.Throws(null, () => Check(s_forGroup, _ => { }));

    [Fact]
    public void Early_data_may_not_stay() => FaultAssert.Throws(TlsFault.IllegalParameter, () => Check(s_forGroup, hello => hello.EarlyData = true));

    [Fact]
    public void The_share_is_one_of_the_group_that_was_asked_for()
    {
        FaultAssert.Throws(TlsFault.IllegalParameter, () => Check(s_forGroup, hello => hello.KeyShares = KeyShareList.Of(new KeyShareEntry(29, new byte[32]))));
        FaultAssert.Throws(TlsFault.IllegalParameter, () => Check(s_forGroup, hello => hello.KeyShares = KeyShareList.Of()));
        FaultAssert.Throws(TlsFault.IllegalParameter, () => Check(s_forGroup, hello => hello.KeyShares = null));
        FaultAssert.Throws(TlsFault.IllegalParameter, () => Check(s_forGroup, hello =>
            hello.KeyShares = KeyShareList.Of(new KeyShareEntry(23, new byte[65]), new KeyShareEntry(29, new byte[32]))));
    }

    [Fact]
    public void Without_a_group_in_the_request_the_shares_stay()
    {
        FaultAssert.Throws(null, () => Check(s_forCookie, hello => (hello.Cookie, hello.KeyShares) = (new byte[] { 1, 2 }, First().KeyShares)));
        FaultAssert.Throws(TlsFault.IllegalParameter, () => Check(s_forCookie, hello => hello.Cookie = new byte[] { 1, 2 }));
    }

    [Fact]
    public void The_cookie_is_that_of_the_request()
    {
        FaultAssert.Throws(TlsFault.IllegalParameter, () => Check(s_forCookie, hello => (hello.Cookie, hello.KeyShares) = (new byte[] { 1, 3 }, First().KeyShares)));
        FaultAssert.Throws(TlsFault.IllegalParameter, () => Check(s_forCookie, hello => hello.KeyShares = First().KeyShares));
        FaultAssert.Throws(TlsFault.IllegalParameter, () => Check(s_forGroup, hello => hello.Cookie = new byte[] { 1, 2 }));
    }

    [Fact]
    public void Identities_may_go_and_their_ages_change_but_none_may_come()
    {
        var (one, two) = (new PskIdentity(new byte[] { 1 }, 10), new PskIdentity(new byte[] { 2 }, 20));

        FaultAssert.Throws(null, () => Check(s_forGroup, hello => hello.PreSharedKeys = OfferedPsks.Of([new PskIdentity(one.Identity, 11), two], [32, 32])));
        FaultAssert.Throws(null, () => Check(s_forGroup, hello => hello.PreSharedKeys = OfferedPsks.Of([two], [32])));
        FaultAssert.Throws(null, () => Check(s_forGroup, hello => hello.PreSharedKeys = null));
        FaultAssert.Throws(TlsFault.IllegalParameter, () => Check(s_forGroup, hello => hello.PreSharedKeys = OfferedPsks.Of([two, one], [32, 32])));
        FaultAssert.Throws(TlsFault.IllegalParameter, () => Check(s_forGroup, hello => hello.PreSharedKeys = OfferedPsks.Of([one, two, one], [32, 32, 32])));
        FaultAssert.Throws(
            TlsFault.IllegalParameter, () => Check(s_forGroup, hello => hello.PreSharedKeys = OfferedPsks.Of([new PskIdentity(new byte[] { 3 }, 0)], [32])));
    }

    [Fact]
    public void Everything_else_stays_as_it_was()
    {
        Action<ClientHello>[] changes =
        [
            hello => hello.ServerName = "www.example.net",
            hello => hello.ServerName = null,
            hello => hello.SupportedGroups = UInt16List.Of(29, 23, 24),
            hello => hello.SignatureAlgorithms = UInt16List.Of(0x0403),
            hello => hello.ApplicationProtocols = null,
            hello => hello.RecordSizeLimit = 100,
            hello => hello.SupportedVersions = UInt16List.Of(0x0304),
            hello => hello.PskKeyExchangeModes = new byte[] { 1, 0 },
            hello => hello.TicketRequest = new TicketRequest(2, 2), // RFC 9149 §3 says so too
            hello => hello.SessionTicket = null,
            hello => hello.StatusRequest = false,
        ];

        Assert.All(changes, change => FaultAssert.Throws(TlsFault.IllegalParameter, () => Check(s_forGroup, change)));
    }

    [Fact]
    public void The_fields_stay_as_they_were()
    {
        ClientHello[] changed =
        [
            Second(version: 0x0302), Second(random: 9), Second(sessionId: 9), Second(suites: UInt16List.Of(0x1302)), Second(compression: [0, 1]),
        ];

        Assert.All(changed, second => FaultAssert.Throws(TlsFault.IllegalParameter, () => SecondClientHello.Check(First(), s_forGroup, second)));
    }

    [Fact]
    public void What_is_not_known_here_is_not_compared_and_padding_may_change()
    {
        var first = ClientHello.Parse(SampleHellos.ClientWith((0xABCD, "01"), (21, "0000"), (0, "000C0000096C6F63616C686F7374")));
        var second = ClientHello.Parse(SampleHellos.ClientWith((0xABCD, "02"), (0xDCBA, ""), (0, "000C0000096C6F63616C686F7374"), (51, "00050017000104")));

        FaultAssert.Throws(null, () => SecondClientHello.Check(first, s_forGroup, second));
    }

    private static void Check(HelloRetryRequest request, Action<ClientHello> change)
    {
        var second = Second();
        change(second);
        SecondClientHello.Check(First(), request, ClientHello.Parse(MessageSample.Write(second)));
    }

    private static ClientHello First() => Fill(new ClientHello
    {
        LegacyVersion = 0x0303,
        Random = new byte[32],
        SessionId = new byte[32],
        CipherSuites = UInt16List.Of(0x1301, 0x1302),
    });

    /// <summary>The same hello, with what a request for P-256 asks for, and one of its fields changed.</summary>
    private static ClientHello Second(ushort version = 0x0303, byte random = 0, byte sessionId = 0, UInt16List? suites = null, byte[]? compression = null)
    {
        var hello = Fill(new ClientHello
        {
            LegacyVersion = version,
            Random = (byte[])[random, .. new byte[31]],
            SessionId = (byte[])[sessionId, .. new byte[31]],
            CipherSuites = suites ?? UInt16List.Of(0x1301, 0x1302),
            CompressionMethods = compression ?? [0],
        });
        hello.EarlyData = false;
        hello.KeyShares = KeyShareList.Of(new KeyShareEntry(23, new byte[65]));
        return hello;
    }

    private static ClientHello Fill(ClientHello hello)
    {
        var all = SampleHellos.Client;
        hello.ServerName = all.ServerName;
        hello.SupportedGroups = all.SupportedGroups;
        hello.SignatureAlgorithms = all.SignatureAlgorithms;
        hello.ApplicationProtocols = all.ApplicationProtocols;
        hello.RecordSizeLimit = all.RecordSizeLimit;
        hello.SupportedVersions = all.SupportedVersions;
        hello.PskKeyExchangeModes = all.PskKeyExchangeModes;
        hello.TicketRequest = all.TicketRequest;
        hello.SessionTicket = all.SessionTicket;
        hello.StatusRequest = true;
        hello.EarlyData = true;
        hello.KeyShares = KeyShareList.Of(new KeyShareEntry(29, new byte[32]));
        hello.PreSharedKeys = OfferedPsks.Of([new PskIdentity(new byte[] { 1 }, 0), new PskIdentity(new byte[] { 2 }, 0)], [32, 32]);
        return hello;
    }
}
