using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Kippu.Fleet.Tests;

/// <summary>The sealed ring of docs/ticket-format.md is what the code reads, and what the page says it is; docs/fleet-operations.md names tests and events that are there.</summary>
public sealed partial class DocumentationTests : IDisposable
{
    private static readonly byte[] s_operatorKey = [.. Enumerable.Range(0x40, 32).Select(i => (byte)i)];

    private readonly RingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_sealed_ring_of_the_page_opens_to_the_ring_of_the_page()
    {
        File.WriteAllBytes(_folder["operator.key"], s_operatorKey);
        _folder.Put(Encoding.UTF8.GetBytes(Block("sealed")));

        using var opened = new FileRingStore(_folder.Ring, Sample.SealedBy(_folder["operator.key"])).Read();

        Assert.Equal(Block("json"), Encoding.UTF8.GetString(Sample.Json(opened)));
        Assert.Equal(Block("fingerprint").Trim(), RingFingerprint.Of(opened));
        Assert.Equal(Block("fingerprint").Trim(), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Block("json")))));
    }

    [Fact]
    public async Task What_is_written_can_be_opened_by_the_words_of_the_page_and_the_platforms_primitives_alone()
    {
        File.WriteAllBytes(_folder["operator.key"], s_operatorKey);
        using var ring = TicketKeyRing.Load(Encoding.UTF8.GetBytes(Block("json")));
        await new FileRingStore(_folder.Ring, Sample.SealedBy(_folder["operator.key"])).CreateAsync(ring);

        var text = JsonNode.Parse(await File.ReadAllTextAsync(_folder.Ring))!;
        Assert.Equal(Convert.ToHexStringLower(HKDF.Expand(HashAlgorithmName.SHA256, s_operatorKey, 8, "kippu 1 operator key id"u8.ToArray())), (string?)text["operatorKey"]);
        var derived = HKDF.DeriveKey(HashAlgorithmName.SHA256, s_operatorKey, 44, Convert.FromBase64String((string)text["salt"]!), "kippu 1 ring at rest"u8.ToArray());
        var encrypted = Convert.FromBase64String((string)text["sealed"]!);
        var secrets = new byte[encrypted.Length - 16];
        using var aead = new AesGcm(derived.AsSpan(0, 32), 16);
        aead.Decrypt(derived.AsSpan(32), encrypted.AsSpan(0, secrets.Length), encrypted.AsSpan(secrets.Length), secrets, Encoding.UTF8.GetBytes(text["ring"]!.ToJsonString()));

        var expected = JsonNode.Parse(Block("json"))!["keys"]!.AsArray().Select(key => (string?)key!["secret"]).OfType<string>().SelectMany(Convert.FromBase64String);
        Assert.Equal(expected, secrets);
    }

    [Fact]
    public void Each_test_that_the_page_of_operations_names_is_there()
    {
        var sources = Directory.GetFiles(Path.Combine(Root(), "tests"), "*Tests.cs", SearchOption.AllDirectories).ToLookup(Path.GetFileNameWithoutExtension);
        var named = TestName().Matches(Page("fleet-operations.md"));

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(
            sources[name.Groups["class"].Value], file => File.ReadAllText(file).Contains($" {name.Groups["method"].Value}(", StringComparison.Ordinal)));
    }

    [Fact]
    public void Each_event_that_is_logged_stands_on_the_page_of_operations()
    {
        var events = typeof(RingLog).GetMethods().SelectMany(method => method.GetCustomAttributes(typeof(Microsoft.Extensions.Logging.LoggerMessageAttribute), false))
            .Cast<Microsoft.Extensions.Logging.LoggerMessageAttribute>().ToArray();

        Assert.NotEmpty(events);
        Assert.All(events, logged => Assert.Contains($"| {logged.EventId} | {logged.Level} |", Page("fleet-operations.md"), StringComparison.Ordinal));
    }

    [GeneratedRegex(@"`(?<class>\w+Tests)\.(?<method>\w+)`")]
    private static partial Regex TestName();

    private static string Block(string kind) => Page("ticket-format.md").Split($"```{kind}\n")[1].Split("```")[0];

    private static string Page(string name) => File.ReadAllText(Path.Combine(Root(), "docs", name));

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Kippu.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("these tests read the documents, so they run inside the repository");
    }
}
