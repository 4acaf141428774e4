using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using static Kippu.Fleet.Tests.Sample;

namespace Kippu.Fleet.Tests;

public sealed class SealedRingTests : IDisposable
{
    private readonly RingFolder _folder = new();
    private readonly TicketKeyRing _ring;
    private readonly string _key;

    public SealedRingTests()
    {
        using var made = TicketKeyRing.Create(Start);
        using var three = made.Next(Start + (12 * Hour));
        _ring = three.Revoke(three.Keys[0].Id, Start + (13 * Hour));
        _key = _folder.OperatorKey();
    }

    public void Dispose()
    {
        _ring.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_opens_with_the_operator_key_and_is_the_same_ring()
    {
        await SealAsync(_key);

        using var opened = new FileRingStore(_folder.Ring, SealedBy(_key)).Read();

        Assert.Equal(RingOrder.Same, _ring.Judge(opened));
        Assert.Equal(RingFingerprint.Of(_ring), RingFingerprint.Of(opened));
    }

    [Fact]
    public async Task Ids_and_times_are_readable_without_it_and_secrets_are_not()
    {
        await SealAsync(_key);
        var text = await File.ReadAllTextAsync(_folder.Ring);

        using var read = new FileRingStore(_folder.Ring).ReadUnverified(out var operatorKeyId);

        Assert.Equal(OperatorKeyFile.IdOf(_key), operatorKeyId);
        Assert.Equal(_ring.Keys.Select(key => key.ToString()), read.Keys.Select(key => key.ToString()));
        Assert.Equal((_ring.Epoch, _ring.Version, _ring.Written), (read.Epoch, read.Version, read.Written));
        Assert.Throws<ObjectDisposedException>(() => RingFingerprint.Of(read));
        Assert.Throws<ObjectDisposedException>(() => read.Publish(Start + (14 * Hour)));
        Assert.All(Secrets(), secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_seals_of_one_ring_have_nothing_in_common_but_what_is_readable()
    {
        await SealAsync(_key);
        var first = Parse();
        await SealAsync(_key);
        var second = Parse();

        Assert.NotEqual((string?)first["salt"], (string?)second["salt"]);
        Assert.NotEqual((string?)first["sealed"], (string?)second["sealed"]);
        Assert.True(JsonNode.DeepEquals(first["ring"], second["ring"]));
    }

    [Fact]
    public async Task Without_the_key_or_with_another_it_does_not_open()
    {
        await SealAsync(_key);

        AssertRefused(RingProblem.UnknownOperatorKey, "no operator key was given");
        AssertRefused(RingProblem.UnknownOperatorKey, OperatorKeyFile.IdOf(_folder.OperatorKey("other.key")), _folder["other.key"]);
        AssertRefused(RingProblem.UnknownOperatorKey, _folder["missing.key"], _folder["missing.key"]);
    }

    [Fact]
    public async Task Of_several_keys_the_first_seals_and_each_opens_so_that_one_can_be_replaced()
    {
        var next = _folder.OperatorKey("next.key");
        await SealAsync(_key);

        // Nodes first: they know both. Then the writer seals by the new one. Then the old one goes.
        var both = new FileRingStore(_folder.Ring, SealedBy(next, _folder["missing.key"], _key));
        using var before = both.Read();
        using var after = before.Next(Start + (50 * Hour));
        Assert.True(await both.TryReplaceAsync(before, after));

        using var opened = new FileRingStore(_folder.Ring, SealedBy(next)).Read();
        Assert.Equal(RingOrder.Same, after.Judge(opened));
        AssertRefused(RingProblem.UnknownOperatorKey, OperatorKeyFile.IdOf(_key), _key);
    }

    [Fact]
    public async Task A_key_file_that_was_replaced_counts_at_once()
    {
        await SealAsync(_key);
        var other = _folder.OperatorKey("other.key");
        using var source = new FileRing(_folder.Ring, SealedBy(other, _key), timeProvider: Clock());
        File.Copy(_key, other, overwrite: true);
        File.Delete(_key);
        using var next = _ring.Next(Start + (50 * Hour));
        await new FileRingStore(_folder.Ring, SealedBy(other)).CreateAsync(next, overwrite: true);

        source.Refresh();

        Assert.Equal(RingOrder.Same, source.Current.Judge(next));
    }

    [Fact]
    public async Task Sealing_anew_changes_the_key_and_nothing_that_nodes_see()
    {
        await SealAsync(_key);
        var next = _folder.OperatorKey("next.key");
        using var source = new FileRing(_folder.Ring, SealedBy(next, _key), timeProvider: Clock());
        var before = source.Status;
        var store = new FileRingStore(_folder.Ring, SealedBy(next, _key));

        Assert.True(await store.SealAnewAsync());
        Assert.False(await store.SealAnewAsync());
        source.Refresh();

        Assert.Equal(OperatorKeyFile.IdOf(next), (string?)Parse()["operatorKey"]);
        Assert.Equal(before, source.Status);
        Assert.Equal(RingOrder.Same, source.Current.Judge(_ring));
    }

    [Theory]
    [InlineData("/ring/keys/1/activateAt", "2031-01-01T00:00:00.000Z")]
    [InlineData("/ring/keys/1/eraseAt", "2040-01-01T00:00:00.000Z")]
    [InlineData("/ring/keys/0/eraseAt", "2031-01-01T00:00:00.000Z")]
    [InlineData("/ring/keys/1/id", "0123456789abcdef")]
    [InlineData("/ring/written", "2029-01-01T00:00:00.000Z")]
    [InlineData("/ring/epoch", 4_000_000_000L)]
    [InlineData("/ring/version", 99L)]
    [InlineData("/ring/maxTicketLifetime", 604_800L)]
    public async Task What_is_readable_cannot_be_altered_unseen(string pointer, object value)
    {
        await SealAsync(_key);
        var text = Parse();
        var names = pointer[1..].Split('/');
        var parent = names[..^1].Aggregate((JsonNode)text, (node, name) => int.TryParse(name, out var index) ? node[index]! : node[name]!);
        Assert.NotNull(parent[names[^1]]);
        parent[names[^1]] = value is long number ? number : (string)value;
        _folder.Put(Encoding.UTF8.GetBytes(text.ToJsonString()));

        AssertRefused(RingProblem.Altered, "altered", _key);
    }

    [Fact]
    public async Task A_key_cannot_be_taken_away_added_or_moved_unseen()
    {
        await SealAsync(_key);
        foreach (var alter in new Action<JsonArray>[]
        {
            keys => keys.RemoveAt(0),
            keys => keys.RemoveAt(2),
            keys => keys.Add(keys[0]!.DeepClone()),
            keys => { var last = keys[2]!; keys.RemoveAt(2); keys.Insert(1, last); },
            keys => keys[1]!["revoked"] = true,
        })
        {
            var text = Parse();
            alter(text["ring"]!["keys"]!.AsArray());
            File.WriteAllText(_folder["altered.ring"], text.ToJsonString());

            var e = Assert.Throws<RingUnavailableException>(() => new FileRingStore(_folder["altered.ring"], SealedBy(_key)).Read());
            Assert.Equal(RingProblem.Altered, e.Problem);
        }
    }

    [Fact]
    public async Task White_space_is_not_content()
    {
        await SealAsync(_key);
        _folder.Put(Encoding.UTF8.GetBytes(Parse().ToJsonString()));

        using var opened = new FileRingStore(_folder.Ring, SealedBy(_key)).Read();
        Assert.Equal(RingOrder.Same, _ring.Judge(opened));
    }

    [Fact]
    public async Task A_ring_that_is_not_sealed_is_refused_where_an_operator_key_was_given()
    {
        _folder.Put(_ring);
        AssertRefused(RingProblem.NotSealed, "not sealed", _key);

        // Unless it is to be sealed now.
        var options = SealedBy(_key);
        options.AcceptPlain = true;
        var store = new FileRingStore(_folder.Ring, options);
        using var plain = store.Read();
        using var next = plain.Next(Start + (50 * Hour));
        Assert.True(await store.TryReplaceAsync(plain, next));
        using var opened = new FileRingStore(_folder.Ring, SealedBy(_key)).Read();
        Assert.Equal(RingOrder.Same, next.Judge(opened));
    }

    [Fact]
    public async Task Whatever_is_done_to_the_text_it_is_refused_with_a_reason_or_the_same_ring()
    {
        await SealAsync(_key);
        var text = await File.ReadAllBytesAsync(_folder.Ring);
        var store = new FileRingStore(_folder["damaged.ring"], SealedBy(_key));
        Gen.Select(Gen.Int[0, text.Length - 1], Gen.Byte, Gen.Int[0, 3]).Sample((at, value, how) =>
        {
            byte[] damaged = how switch
            {
                0 => [.. text[..at], value, .. text[(at + 1)..]],
                1 => [.. text[..at], value, .. text[at..]],
                2 => [.. text[..at], .. text[(at + 1)..]],
                _ => text[..at],
            };
            _folder.Put(damaged, "damaged.ring");
            try
            {
                using var opened = store.Read();
                Assert.Equal(RingOrder.Same, _ring.Judge(opened));
            }
            catch (RingUnavailableException e)
            {
                Assert.NotEqual(RingProblem.None, e.Problem);
            }

            try
            {
                store.ReadUnverified(out _).Dispose();
            }
            catch (RingUnavailableException)
            {
                // A reason.
            }
        }, iter: 1000, threads: 1);
    }

    [Theory]
    [InlineData("""{"format":"kippu-sealed-ring/1","operatorKey":"\ud800","salt":"","sealed":"","ring":{"keys":[]}}""")]
    [InlineData("""{"format":"kippu-sealed-ring/1","\ud800":1}""")]
    [InlineData("""{"format":"kippu-sealed-ring/1"}""")]
    [InlineData("""{"format":"kippu-sealed-ring/1","operatorKey":"","salt":"","sealed":"","ring":{"keys":[{"secret":""}]}}""")]
    [InlineData("""{"format":"kippu-sealed-ring/1","format":"kippu-sealed-ring/1"}""")]
    [InlineData("""{"format":"kippu-sealed-ring/2"}""")]
    [InlineData("""{"format":7}""")]
    [InlineData("[]")]
    [InlineData("7")]
    public void What_is_no_ring_is_refused_as_such(string text)
    {
        _folder.Put(Encoding.UTF8.GetBytes(text));
        var options = SealedBy(_key);
        options.AcceptPlain = true;

        var e = Assert.Throws<RingUnavailableException>(() => new FileRingStore(_folder.Ring, options).Read());
        Assert.True(e.Problem is RingProblem.Malformed or RingProblem.UnknownOperatorKey, e.Message);
    }

    [Fact]
    public void An_operator_key_is_32_bytes_or_their_base64()
    {
        var bytes = RandomNumberGenerator.GetBytes(32);
        File.WriteAllBytes(_folder["raw"], bytes);
        File.WriteAllText(_folder["text"], Convert.ToBase64String(bytes) + "\r\n");
        Assert.Equal(OperatorKeyFile.IdOf(_folder["raw"]), OperatorKeyFile.IdOf(_folder["text"]));
        Assert.Equal(OperatorKeyFile.IdOf(_folder["raw"]), Convert.ToHexStringLower(HKDF.Expand(HashAlgorithmName.SHA256, bytes, 8, "kippu 1 operator key id"u8.ToArray())));

        foreach (byte[] wrong in new byte[][] { [], bytes[..31], [.. bytes, 1], new byte[32], Encoding.ASCII.GetBytes(Convert.ToHexString(bytes)), "password"u8.ToArray() })
        {
            File.WriteAllBytes(_folder["wrong"], wrong);
            var e = Assert.Throws<RingUnavailableException>(() => OperatorKeyFile.IdOf(_folder["wrong"]));
            Assert.Equal(RingProblem.UnknownOperatorKey, e.Problem);
            Assert.DoesNotContain("password", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_new_operator_key_is_its_owners_alone_and_never_written_over()
    {
        var id = OperatorKeyFile.Create(_folder["new.key"]);

        Assert.Equal(id, OperatorKeyFile.IdOf(_folder["new.key"]));
        Assert.Throws<IOException>(() => OperatorKeyFile.Create(_folder["new.key"]));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["new.key"]));
        }
    }

    private async Task SealAsync(string key) => await new FileRingStore(_folder.Ring, SealedBy(key)).CreateAsync(_ring, overwrite: true);

    private JsonObject Parse() => JsonNode.Parse(File.ReadAllText(_folder.Ring))!.AsObject();

    private IEnumerable<string> Secrets() => JsonNode.Parse(Json(_ring))!["keys"]!.AsArray().Select(key => (string?)key!["secret"]).OfType<string>();

    private void AssertRefused(RingProblem problem, string words, params string[] keys)
    {
        var e = Assert.Throws<RingUnavailableException>(() => new FileRingStore(_folder.Ring, SealedBy(keys)).Read());
        Assert.Equal(problem, e.Problem);
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }
}
