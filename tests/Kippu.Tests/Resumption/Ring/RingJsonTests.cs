using System.Text;
using CsCheck;
using Xunit;
using static Kippu.Tests.Resumption.Sample;

namespace Kippu.Tests.Resumption;

public sealed class RingJsonTests
{
    private const string Secret = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

    private const string Good = """
        {
          "format": "kippu-ring/1",
          "epoch": 1893456000,
          "version": 3,
          "written": "2030-01-01T00:00:00.000Z",
          "maxTicketLifetime": 86400,
          "keys": [
            {
              "id": "0123456789abcdef",
              "secret": "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=",
              "published": "2030-01-01T00:00:00.000Z",
              "activateAt": "2030-01-01T00:00:00.000Z",
              "retireAt": "2030-01-02T12:00:00.000Z",
              "eraseAt": "2030-01-03T12:02:00.000Z"
            },
            {
              "id": "00000000000000ff",
              "published": "2029-12-31T00:00:00.500Z",
              "eraseAt": "2030-01-03T12:02:00.000Z",
              "revoked": true
            }
          ]
        }

        """;

    [Fact]
    public void A_ring_is_written_as_documented_and_read_back()
    {
        using var ring = TicketKeyRing.Load(Encoding.UTF8.GetBytes(Good));

        Assert.Equal((1893456000, 3, Start, Day), (ring.Epoch, ring.Version, ring.Written, ring.MaxTicketLifetime));
        Assert.Equal(Secret, Convert.ToBase64String(ring.Keys[0].Secret!.Span));
        Assert.Equal(Start + (36 * Hour), ring.Keys[0].RetireAt);
        Assert.True(ring.Keys[1].Revoked);
        Assert.Null(ring.Keys[1].Secret);
        Assert.Equal(500, ring.Keys[1].Published.Millisecond);
        Assert.Equal(Good, Encoding.UTF8.GetString(Json(ring)));
    }

    [Fact]
    public void Every_ring_survives_the_round_trip() =>
        Gen.Select(Gen.Int[0, 300], Gen.Int[0, 3]).Array[1, 20].Sample(steps =>
        {
            var now = Start + TimeSpan.FromTicks(12345);
            var ring = TicketKeyRing.Create(now);
            foreach (var (hours, what) in steps)
            {
                now += TimeSpan.FromHours(hours);
                ring = what switch
                {
                    0 => ring.Revoke(ring.Keys[0].Id, now),
                    1 => ring.Keys.Count < TicketKeyRing.MaxKeys ? ring.Publish(now) : ring,
                    _ => ring.Next(now),
                };
                using var again = TicketKeyRing.Load(Json(ring));
                Assert.Equal(RingOrder.Same, ring.Judge(again));
            }
        });

    [Fact]
    public void Properties_may_come_in_any_order() =>
        TicketKeyRing.Load("""{"keys":[],"written":"2030-01-01T00:00:00Z","version":1,"maxTicketLifetime":1,"epoch":1,"format":"kippu-ring/1"}"""u8).Dispose();

    [Fact]
    public void A_ring_of_a_later_format_is_refused_for_that()
    {
        var later = """{"surprise": {"deep": [1, 2]}, "format": "kippu-ring/2", "epoch": 1}"""u8;

        Assert.Equal("format: not \"kippu-ring/1\", which is what this version reads", Fault(later).Message);
    }

    [Theory]
    [InlineData("\"version\": 3", "\"version\": 3, \"version\": 4", "version", "stands twice")]
    [InlineData("\"version\": 3,", "", "version", "missing")]
    [InlineData("\"version\": 3", "\"version\": 0", "version", "a whole number from 1")]
    [InlineData("\"version\": 3", "\"version\": 3.5", "version", "a whole number")]
    [InlineData("\"version\": 3", "\"version\": \"3\"", "version", "a whole number")]
    [InlineData("\"version\": 3", "\"version\": 99999999999999999999", "version", "a whole number")]
    [InlineData("\"epoch\": 1893456000", "\"epoch\": -1", "epoch", "a whole number from 1")]
    [InlineData("86400", "604801", "maxTicketLifetime", "from 1 to 604800")]
    [InlineData("\"written\": \"2030-01-01T00:00:00.000Z\"", "\"written\": \"2030-01-01T00:00:00.000+01:00\"", "written", "a UTC time like")]
    [InlineData("\"written\": \"2030-01-01T00:00:00.000Z\"", "\"written\": \"9999-01-01T00:00:00Z\"", "written", "a UTC time like")]
    [InlineData("\"written\": \"2030-01-01T00:00:00.000Z\"", "\"written\": 5", "written", "a UTC time like")]
    [InlineData("\"keys\": [", "\"keys\": 5, \"x\": [", "keys", "an array is expected")]
    [InlineData("\"keys\": [", "\"keys\": [ 7,", "keys[0]", "an object is expected")]
    [InlineData("\"id\": \"0123456789abcdef\"", "\"id\": \"0123456789abcdeg\"", "keys[0].id", "16 hexadecimal digits")]
    [InlineData("\"id\": \"0123456789abcdef\"", "\"id\": \"00000000000000ff\"", "keys[1].id", "stands twice in the ring")]
    [InlineData("\"id\": \"0123456789abcdef\",", "", "keys[0].id", "missing")]
    [InlineData("\"activateAt\"", "\"activatedAt\"", "ring, line", "a property that is not known here")]
    [InlineData("\"retireAt\": \"2030-01-02T12:00:00.000Z\",", "", "keys[0].retireAt", "missing: it is set together with activateAt")]
    [InlineData("\"retireAt\": \"2030-01-02T12:00:00.000Z\"", "\"retireAt\": \"2029-01-02T12:00:00.000Z\"", "keys[0].retireAt", "before activateAt")]
    [InlineData("\"revoked\": true", "\"revoked\": 1", "keys[1].revoked", "true or false is expected")]
    [InlineData("\"revoked\": true", "\"revoked\": false", "keys[1].secret", "missing: only a revoked key has none")]
    [InlineData("\"eraseAt\": \"2030-01-03T12:02:00.000Z\"\n    },", "\"revoked\": true, \"eraseAt\": \"2030-01-03T12:02:00.000Z\"},", "keys[0].secret", "must not hold")]
    [InlineData("AQID", "AQI", "keys[0].secret", "base64 of 32 bytes")]
    [InlineData("AQID", "AQ D", "keys[0].secret", "base64 of 32 bytes")]
    [InlineData("AQID", "AQID AQID", "keys[0].secret", "base64 of 32 bytes")]
    [InlineData("AQID", "\\u0041QID", "keys[0].secret", "a string of base64")]
    [InlineData(Secret, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "keys[0].secret", "all its bytes are equal")]
    [InlineData("\"version\": 3,", "\"version\": 3, // a comment\n", "ring, line 4, column", "not JSON")]
    [InlineData("\"revoked\": true\n", "\"revoked\": true,\n", "ring, line", "not JSON")]
    public void Whatever_is_wrong_is_said_with_its_place_and_without_a_secret(string old, string replacement, string location, string problem)
    {
        var text = Good.Replace(old, replacement, StringComparison.Ordinal);
        Assert.NotEqual(Good, text);

        var fault = Fault(Encoding.UTF8.GetBytes(text));

        Assert.StartsWith(location, fault.Location, StringComparison.Ordinal);
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("BwgJ", fault.ToString(), StringComparison.Ordinal);
        Assert.Null(fault.InnerException);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"format\":")]
    [InlineData("\uFEFF{}")]
    [InlineData("{\"format\": \"kippu-ring/1\"} {}")]
    public void What_is_no_ring_at_all_is_refused(string text) => Fault(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void Text_after_the_end_is_refused() =>
        Assert.Contains("more text after the end", Fault(Encoding.UTF8.GetBytes(Good + "{}")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_ring_cut_anywhere_is_refused()
    {
        var whole = Encoding.UTF8.GetBytes(Good);
        for (var length = 0; length < whole.Length - 2; length++)
        {
            Fault(whole.AsSpan(0, length));
        }
    }

    [Fact]
    public void Any_byte_may_be_altered_and_nothing_but_the_fault_comes_of_it()
    {
        var whole = Encoding.UTF8.GetBytes(Good);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Sample((at, value) =>
        {
            var altered = whole.ToArray();
            altered[at] = value;
            try
            {
                TicketKeyRing.Load(altered).Dispose();
            }
            catch (StoredFormatException)
            {
                // The only one.
            }
        });
    }

    [Fact]
    public void More_than_64_keys_are_refused()
    {
        var key = """{"id":"0123456789abcdef","published":"2030-01-01T00:00:00Z","revoked":true}""";
        var text = $$"""{"format":"kippu-ring/1","epoch":1,"version":1,"written":"2030-01-01T00:00:00Z","maxTicketLifetime":1,"keys":[{{string.Join(',', Enumerable.Repeat(key, 65))}}]}""";

        Assert.Equal("keys: more than 64 keys", Fault(Encoding.UTF8.GetBytes(text)).Message);
    }

    [Fact]
    public void A_stream_without_end_is_not_read_to_its_end()
    {
        using var endless = new MemoryStream(Enumerable.Repeat((byte)' ', 1024 * 1024).ToArray());

        Assert.Contains("longer than", Assert.Throws<StoredFormatException>(() => TicketKeyRing.Load(endless)).Message, StringComparison.Ordinal);
        Assert.True(endless.Position < 200 * 1024);
    }

    [Fact]
    public void A_stream_is_read_whole()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Good));
        using var ring = TicketKeyRing.Load(stream);

        Assert.Equal(3, ring.Version);
    }

    private static StoredFormatException Fault(ReadOnlySpan<byte> json)
    {
        try
        {
            TicketKeyRing.Load(json).Dispose();
        }
        catch (StoredFormatException fault)
        {
            return fault;
        }

        Assert.Fail("it was accepted");
        return null!;
    }
}
