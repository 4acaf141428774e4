using System.Text;
using CsCheck;
using Kippu.Resumption;
using Xunit;
using static Kippu.Tests.Resumption.Sample;

namespace Kippu.Tests.Resumption;

public sealed class ClientSessionStoreTests
{
    private static readonly byte[] s_policy = new ClientSessionPolicy().ComputeDigest();
    private static readonly ClientSessionKey s_key = KeyFor("example.com");

    [Fact]
    public void The_newest_session_is_offered_first()
    {
        var store = new ClientSessionStore();
        Add(store, s_key, 1);
        Add(store, s_key, 2);

        Assert.Equal(2, Offered(store, s_key));
        Assert.Equal(2, Offered(store, s_key));
        Assert.Equal(2, store.Count);
    }

    [Fact]
    public void A_session_that_is_taken_is_offered_once()
    {
        var store = new ClientSessionStore();
        Add(store, s_key, 1);
        Add(store, s_key, 2);

        Assert.Equal(2, Taken(store));
        Assert.Equal(1, Taken(store));
        Assert.Null(store.Take(s_key, Start));
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void What_is_found_is_a_copy_that_outlives_the_store()
    {
        var store = new ClientSessionStore();
        Add(store, s_key, 1);
        using var found = store.Find(s_key, Start)!;
        store.Clear();

        Assert.Equal(MasterSecret(), found.State.Secret.Span.ToArray());
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void A_session_is_offered_only_where_everything_is_the_same()
    {
        var store = new ClientSessionStore();
        Add(store, ClientSessionKey.Create(s_policy, "Example.com", 443, "example.com", "p"), 1);
        var insecure = new ClientSessionPolicy { HasCustomVerification = true, CustomVerificationId = "insecure" }.ComputeDigest();

        Assert.Equal(1, Offered(store, ClientSessionKey.Create(s_policy, "example.COM", 443, "example.com", "p")));
        ClientSessionKey[] others =
        [
            ClientSessionKey.Create(insecure, "example.com", 443, "example.com", "p"),
            ClientSessionKey.Create(s_policy, "example.org", 443, "example.com", "p"),
            ClientSessionKey.Create(s_policy, "example.com", 444, "example.com", "p"),
            ClientSessionKey.Create(s_policy, "example.com", 443, "www.example.com", "p"),
            ClientSessionKey.Create(s_policy, "example.com", 443, null, "p"),
            ClientSessionKey.Create(s_policy, "example.com", 443, "example.com", "P"),
            ClientSessionKey.Create(s_policy, "example.com", 443, "example.com", ""),
        ];
        Assert.All(others, other => Assert.Null(store.Find(other, Start)));
    }

    [Fact]
    public void An_expired_session_is_dropped_and_an_older_one_that_lives_is_offered()
    {
        var store = new ClientSessionStore();
        Add(store, s_key, 1, expires: Start + (2 * Hour));
        Add(store, s_key, 2, expires: Start + Hour);

        Assert.Equal(1, Offered(store, s_key, Start + Hour));
        Assert.Equal(1, store.Count);
        Assert.Null(store.Find(s_key, Start + (2 * Hour)));
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void A_session_is_not_offered_once_the_servers_certificate_has_expired()
    {
        var store = new ClientSessionStore();
        Add(store, s_key, 1, expires: Start + (2 * Day), certificate: Certificate(Start - Day, Start + Day));

        Assert.Equal(1, Offered(store, s_key, Start + Day));
        Assert.Null(store.Find(s_key, Start + Day + TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void A_certificate_that_was_accepted_out_of_its_time_does_not_end_a_session()
    {
        var store = new ClientSessionStore();
        Add(store, s_key, 1, certificate: Certificate(Start - (9 * Day), Start - Day));

        Assert.Equal(1, Offered(store, s_key));
    }

    [Fact]
    public void A_server_holds_no_more_than_its_share()
    {
        var store = new ClientSessionStore(maxPerServer: 3);
        for (byte i = 1; i <= 5; i++)
        {
            Add(store, s_key, i);
        }

        Add(store, KeyFor("other"), 9);
        Assert.Equal(4, store.Count);
        Assert.Equal([5, 4, 3], Enumerable.Range(0, 3).Select(_ => (int)Taken(store)));
        Assert.Equal(9, Offered(store, KeyFor("other")));
    }

    [Fact]
    public void The_oldest_session_of_all_goes_when_there_are_too_many()
    {
        var store = new ClientSessionStore(maxSessions: 2);
        Add(store, KeyFor("a"), 1);
        Add(store, KeyFor("b"), 2);
        Add(store, KeyFor("c"), 3);

        Assert.Null(store.Find(KeyFor("a"), Start));
        Assert.Equal(2, Offered(store, KeyFor("b")));
        Assert.Equal(2, store.Count);
    }

    [Fact]
    public void Memory_is_bounded_too()
    {
        var store = new ClientSessionStore(maxBytes: 100_000);
        for (var i = 0; i < 20; i++)
        {
            Add(store, KeyFor($"host{i}"), 1, ticketLength: 30_000);
        }

        Assert.Equal(3, store.Count);
        Add(store, s_key, 1, certificate: new byte[200_000]);
        Assert.Null(store.Find(s_key, Start));
        Assert.Equal(3, store.Count);
    }

    [Fact]
    public void A_session_is_removed_by_any_copy_of_it()
    {
        var store = new ClientSessionStore();
        Add(store, s_key, 1);
        Add(store, s_key, 2);
        using var found = store.Find(s_key, Start)!;
        store.Remove(s_key, found);
        store.Remove(s_key, found);
        store.Remove(KeyFor("other"), found);

        Assert.Equal(1, Offered(store, s_key));
    }

    [Fact]
    public void That_a_name_was_checked_is_remembered()
    {
        var store = new ClientSessionStore();
        Add(store, s_key, 1);
        using var found = store.Find(s_key, Start)!;
        Assert.False(found.IsServerNameChecked);
        store.MarkServerNameChecked(s_key, found);
        using var again = store.Find(s_key, Start)!;

        Assert.True(again.IsServerNameChecked);
    }

    [Fact]
    public void A_dropped_session_is_cleared()
    {
        var store = new ClientSessionStore(maxSessions: 1);
        var session = Make(1);
        store.Add(s_key, session, Start);
        Add(store, s_key, 2);

        Assert.Throws<ObjectDisposedException>(() => session.State.Secret.Span.Length);
    }

    [Theory]
    [InlineData(0u, 24 * 3600)]
    [InlineData(1u, 1)]
    [InlineData(7200u, 7200)]
    [InlineData(uint.MaxValue, 604_800)]
    public void A_client_forgets_a_session_when_the_hint_says_or_after_a_day_or_a_week(uint hint, int seconds) =>
        Assert.Equal(Start + TimeSpan.FromSeconds(seconds), ClientSession.ExpiryOf(Start, hint));

    [Fact]
    public void The_store_does_what_a_plain_list_would_do() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 3], Gen.Int[1, 90]).Array[0, 60].Sample(steps =>
        {
            var store = new ClientSessionStore(maxSessions: 6, maxPerServer: 3);
            var model = new List<(int Server, byte Mark, DateTimeOffset Expires)>();
            var now = Start;
            byte mark = 0;
            foreach (var (what, server, minutes) in steps)
            {
                var key = KeyFor($"host{server}");
                switch (what)
                {
                    case 0:
                        now += minutes * Minute;
                        break;
                    case 1:
                        using (var taken = store.Take(key, now))
                        {
                            var expected = model.FindLastIndex(entry => entry.Server == server && entry.Expires > now);
                            Assert.True(taken is null || (expected >= 0 && taken.Ticket[0] == model[expected].Mark));
                            if (taken is not null)
                            {
                                model.RemoveAt(expected);
                            }
                        }

                        break;
                    default:
                        Add(store, key, ++mark, now + (minutes * Minute), now: now);
                        model.Add((server, mark, now + (minutes * Minute)));
                        break;
                }

                Assert.InRange(store.Count, 0, 6);
            }
        });

    [Fact]
    public void Sessions_are_exported_and_imported_in_their_order()
    {
        var store = new ClientSessionStore();
        Add(store, s_key, 1, certificate: Certificate(Start, Start + Day));
        Add(store, KeyFor("other"), 2);
        Add(store, s_key, 3);
        var other = new ClientSessionStore();

        Assert.Equal(3, Import(other, Export(store)));
        Assert.Equal(Export(store), Export(other));
        Assert.Equal(3, Offered(other, s_key));
        Assert.Equal(2, Offered(other, KeyFor("other")));
        using var found = other.Find(s_key, Start)!;
        Assert.Equal(MasterSecret(), found.State.Secret.Span.ToArray());
        Assert.False(found.IsServerNameChecked);
    }

    [Fact]
    public void Expired_sessions_are_not_imported()
    {
        var store = new ClientSessionStore();
        Add(store, s_key, 1, expires: Start + Hour);
        Add(store, s_key, 2, expires: Start + Minute);

        Assert.Equal(1, Import(new ClientSessionStore(), Export(store), Start + (2 * Minute)));
    }

    [Theory]
    [InlineData("kippu-sessions/1", "kippu-sessions/2", "format")]
    [InlineData("\"received\"", "\"reviewed\"", "sessions, line")]
    [InlineData("\"for\": \"", "\"for\": \"0", "sessions[0].for")]
    [InlineData("\"sessionId\": \"\"", "\"sessionId\": \"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"", "sessions[0].sessionId")]
    [InlineData("\"ticket\": \"A", "\"ticket\": \"*", "sessions[0].ticket")]
    [InlineData("\"state\": \"AQ", "\"state\": \"Ag", "sessions[0].state")]
    [InlineData("\"state\": \"AQE", "\"state\": \"AQI", "sessions[0].state")]
    [InlineData("\"expires\": \"2030", "\"expires\": \"2031", "sessions[0].expires")]
    [InlineData("\"ticket\": \"AQAAAAAAAAAAAAAAAAAAAA==\"", "\"ticket\": \"\"", "sessions[0]")]
    public void An_export_that_was_altered_is_refused_with_the_place(string old, string replacement, string location)
    {
        var store = new ClientSessionStore();
        Add(store, s_key, 1);
        var text = Encoding.UTF8.GetString(Export(store));
        var altered = text.Replace(old, replacement, StringComparison.Ordinal);
        Assert.NotEqual(text, altered);
        var target = new ClientSessionStore();

        var fault = Assert.Throws<StoredFormatException>(() => Import(target, Encoding.UTF8.GetBytes(altered)));
        Assert.StartsWith(location, fault.Location, StringComparison.Ordinal);
        Assert.Equal(0, target.Count);
    }

    public static TheoryData<byte[]> Unreadable
    {
        get
        {
            var der = Certificate(Start, Start + Day);
            var pem = Encoding.ASCII.GetBytes(System.Security.Cryptography.PemEncoding.WriteString("CERTIFICATE", der));
            return new TheoryData<byte[]>((byte[])[], [0x30, 0], der[..^1], [.. der, 0], pem);
        }
    }

    [Theory]
    [MemberData(nameof(Unreadable), DisableDiscoveryEnumeration = true)]
    public void A_session_with_a_certificate_that_cannot_be_read_is_refused_and_nothing_is_added(byte[] certificate)
    {
        foreach (var (leaf, chain) in new (byte[], byte[][])[] { (certificate, []), (Certificate(Start, Start + Day), [certificate]) })
        {
            var store = new ClientSessionStore();
            Add(store, s_key, 1);
            store.Add(s_key, new ClientSession(Session(certificate: leaf, chain: chain), [2], [], Start, Start + Day), Start);
            var target = new ClientSessionStore();

            var fault = Assert.Throws<StoredFormatException>(() => Import(target, Export(store)));
            Assert.Equal("sessions[1].state", fault.Location);
            Assert.Equal(0, target.Count);
        }
    }

    [Fact]
    public void An_export_cut_anywhere_is_refused_and_adds_nothing()
    {
        var store = new ClientSessionStore();
        Add(store, s_key, 1);
        Add(store, s_key, 2);
        var whole = Export(store);
        var target = new ClientSessionStore();
        for (var length = 0; length < whole.Length - 2; length += 7)
        {
            Assert.Throws<StoredFormatException>(() => Import(target, whole[..length]));
        }

        Assert.Equal(0, target.Count);
    }

    [Fact]
    public void An_export_shows_no_names_beside_the_state()
    {
        var store = new ClientSessionStore();
        Add(store, s_key, 1);

        Assert.DoesNotContain("example.com", Encoding.UTF8.GetString(Export(store)), StringComparison.Ordinal);
    }

    private static ClientSessionKey KeyFor(string host) => ClientSessionKey.Create(s_policy, host, 443, host, "");

    private static ClientSession Make(byte mark, DateTimeOffset? expires = null, byte[]? certificate = null, int ticketLength = 16, DateTimeOffset? now = null)
    {
        var ticket = new byte[ticketLength];
        ticket[0] = mark;
        return new ClientSession(Session(certificate: certificate), ticket, [], now ?? Start, expires ?? Start + Day);
    }

    private static void Add(
        ClientSessionStore store, ClientSessionKey key, byte mark, DateTimeOffset? expires = null, byte[]? certificate = null, int ticketLength = 16, DateTimeOffset? now = null) =>
        store.Add(key, Make(mark, expires, certificate, ticketLength, now), now ?? Start);

    private static int Offered(ClientSessionStore store, ClientSessionKey key, DateTimeOffset? now = null)
    {
        using var session = store.Find(key, now ?? Start);
        return session?.Ticket[0] ?? -1;
    }

    private static byte Taken(ClientSessionStore store)
    {
        using var session = store.Take(s_key, Start);
        return session!.Ticket[0];
    }

    private static byte[] Export(ClientSessionStore store)
    {
        using var stream = new MemoryStream();
        store.Export(stream);
        return stream.ToArray();
    }

    private static int Import(ClientSessionStore store, byte[] json, DateTimeOffset? now = null)
    {
        using var stream = new MemoryStream(json);
        return store.Import(stream, now ?? Start);
    }
}
