using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Kippu.Resumption;
using Kippu.Tests.Architecture;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Resumption;

/// <summary>The examples of docs/ticket-format.md are what the code reads and writes.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "ticket-format.md"));
    private static readonly DateTimeOffset s_issued = new(2030, 1, 1, 1, 0, 0, 500, TimeSpan.Zero);

    [Fact]
    public void The_ring_of_the_page_is_read_and_written_back_byte_for_byte()
    {
        using var ring = Ring();

        Assert.Equal(Block("json"), Encoding.UTF8.GetString(Sample.Json(ring)));
        Assert.Equal("0123456789abcdef", ring.SealingKey(s_issued)!.Id.ToString());
    }

    [Fact]
    public void The_scope_of_the_page_is_the_digest_of_its_policy() => Assert.Equal(Block("scope").Trim(), new SessionScope(new ScopePolicy { Name = "shop" }).ToString());

    [Fact]
    public void The_derived_keys_of_the_page_follow_from_its_ring()
    {
        using var ring = Ring();
        var secret = ring.Keys[0].Secret!.Span.ToArray();
        string Derive(string label, int length)
        {
            byte[] info = [(byte)label.Length, .. Encoding.ASCII.GetBytes(label), 0x03, 0x03, .. Hex("scope")];
            return Convert.ToHexStringLower(HKDF.Expand(HashAlgorithmName.SHA256, secret, length, info));
        }

        Assert.Equal(
            [Derive("kippu 1 ticket tag", 8), Derive("kippu 1 ticket cipher", 32), Derive("kippu 1 ticket mac", 32)],
            Block("derived").Trim().Split('\n'));
    }

    [Fact]
    public void The_ticket_of_the_page_opens_to_the_state_of_the_page()
    {
        using var ring = Ring();
        using var source = new FixedRing(ring);
        using var service = Sample.Service(source, new SessionScope(new ScopePolicy { Name = "shop" }));
        var opening = service.Open(Hex("ticket"), TlsVersion.Tls12, s_issued);
        Assert.Equal(TicketRefusal.None, opening.Refusal);
        using var state = opening.State!;
        using var bytes = new WireBuffer();
        SessionStateCodec.Write(new TlsWriter(bytes), state);

        Assert.Equal(Convert.ToHexString(Hex("state")), Convert.ToHexString(bytes.Written));
        Assert.Equal((s_issued, TimeSpan.FromHours(12), "www.example.com"), (state.Issued, state.Lifetime, state.ServerName));
    }

    [Fact]
    public void Every_reason_that_the_room_gives_stands_on_the_page()
    {
        // Not refused; and what comes of the rest of the hello, of an empty cache, and of the options: no matter of formats.
        TicketRefusal[] elsewhere = [TicketRefusal.None, TicketRefusal.ServerName, TicketRefusal.UnknownSession, TicketRefusal.Disabled];

        Assert.All(Enum.GetValues<TicketRefusal>().Except(elsewhere), reason => Assert.Contains($"`{reason}`", s_page, StringComparison.Ordinal));
    }

    private static TicketKeyRing Ring() => TicketKeyRing.Load(Encoding.UTF8.GetBytes(Block("json")));

    private static byte[] Hex(string language) => Convert.FromHexString(Block(language).Replace("\n", "", StringComparison.Ordinal));

    /// <summary>The content of the code block of this language.</summary>
    private static string Block(string language) =>
        Assert.Single(Blocks().Matches(s_page.ReplaceLineEndings("\n")), match => match.Groups[1].Value == language).Groups[2].Value;

    [GeneratedRegex("^```(\\w+)\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();
}
