using System.Security.Cryptography;
using Kippu.Crypto;
using Kippu.KeySchedule;
using Kippu.Tests.Crypto;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.KeySchedule;

/// <summary>
/// What the traces of RFC 8448 leave out: SHA-384, the update of keys, exporters. The expected values were computed with Python's hmac and hashlib, from the
/// formulas of RFC 8446 alone: PSK 00..2f, shared secret 40..5f, each transcript hash the hash of a few words.
/// </summary>
[Collection(nameof(ClearedMemoryGroup))]
public sealed class KeySchedule13Tests
{
    private static readonly byte[] s_psk = [.. Enumerable.Range(0, 48).Select(i => (byte)i)];
    private static readonly byte[] s_sharedSecret = [.. Enumerable.Range(0x40, 32).Select(i => (byte)i)];

    private static CipherSuite Aes128 => CipherSuite.Find(0x1301)!;

    private static CipherSuite Aes256 => CipherSuite.Find(0x1302)!;

    [Fact]
    public void The_early_stage_gives_binders_and_early_secrets()
    {
        using var early = PskEarlySecret.FromPsk(HashAlgorithmName.SHA384, s_psk);
        var binder = new byte[48];
        early.ComputeBinder(Hash("truncated"u8), binder);
        using var traffic = early.DeriveClientTraffic(Aes256, Hash("client hello"u8));
        using var exporter = early.DeriveExporter(Hash("client hello"u8));

        AssertHex("cc2c1e0a7f8868ae29b37cdfbcd5da1c2792af7ab9a6bd344ed855fcf41ee0d04f292fba2b47275a62bd99b3f31cd23c", binder);
        AssertHex("152def598f4bb6d5f6ee557ab87b3051cc6da7a845ac1c9f24821c43c7f2cb145f6f99b6905479900a31446fdd2c2d3f", traffic.Secret);
        AssertHex("ca66729e1ee71b14ec7c0901dd6d8b07cd274c1829abd4e27376a6b9b469db9b4ab40271002afd470674caf2c76bcc7c", exporter.Secret);
        Assert.Same(Aes256, traffic.Suite);
    }

    [Fact]
    public void A_binder_is_right_or_not()
    {
        using var early = PskEarlySecret.FromPsk(HashAlgorithmName.SHA384, s_psk);
        var binder = new byte[48];
        early.ComputeBinder(Hash("truncated"u8), binder);

        Assert.True(early.IsBinder(Hash("truncated"u8), binder));
        Assert.False(early.IsBinder(Hash("other"u8), binder));
        Assert.False(early.IsBinder(Hash("truncated"u8), binder.AsSpan(0, 47)));
        Assert.False(early.IsBinder(Hash("truncated"u8), [.. binder, 0]));
        binder[^1] ^= 1;
        Assert.False(early.IsBinder(Hash("truncated"u8), binder));
    }

    [Fact]
    public void The_handshake_stage_gives_traffic_secrets_and_verify_data()
    {
        using var handshake = Handshake();
        using var client = handshake.DeriveClientTraffic(Hash("server hello"u8));
        using var server = handshake.DeriveServerTraffic(Hash("server hello"u8));
        var verifyData = new byte[48];
        server.ComputeVerifyData(Hash("certificate verify"u8), verifyData);

        AssertHex("7db5919b3f025c7a35933c14590f4776e536a2023d6c8c25093c5fafd2f24a0df3d50753a6247871ef77cce0e77e0c12", handshake.Secret);
        AssertHex("c9065be6bf072992c829b81d0293846e479af0a8cf3b2738cb65ad7218c41e9d5a12195623d6ba8fc986e8815480ef3e", client.Secret);
        AssertHex("6317e4bf0896ab4db023d26611794fe92c9cc938703131f2c4a674ebf42e7a1a923fe4ed969f8f894bf3177604a613b0", server.Secret);
        AssertHex("4ced08c75094f59f65fecbc53f0ac76661d65827f9206bbb2247eaae8f715cd9243466f991b295e146185e2e781094d7", verifyData);
        Assert.True(server.IsVerifyData(Hash("certificate verify"u8), verifyData));
        Assert.False(client.IsVerifyData(Hash("certificate verify"u8), verifyData));
        Assert.False(server.IsVerifyData(Hash("certificate verify"u8), verifyData.AsSpan(0, 32)));
    }

    [Fact]
    public void The_master_stage_gives_application_secrets_and_their_updates()
    {
        using var master = Handshake().ToMasterSecret();
        var first = master.DeriveClientTraffic(Hash("server finished"u8));
        AssertHex("b7b92fbfa466ddb2efe9fea23b7468f8daefd8e319f04454488efa00ef8e64772a1660952c3fb8c0b08f913c551ce819", master.Secret);
        AssertHex("e30787131a94c8c8855d9c128a2b95a93b35fa91be79d01db1a7c56d952489fbc375d95dfd43f441e9512849ef3c34a2", first.Secret);
        AssertKeys(first, "68aeb18c44836608839be0ae818c1d0677a2f0e66ab2a2eadac5e9ef668237ef", "d26376ca45961253140cbc9c");

        var second = first.ToNext();
        AssertHex("a45041d3b69431f6f8ee847f8a7d159bf7cdda167d1390cb10b224bc9d94bd85682e0d8653fc743db8c4990ea8f1dfb6", second.Secret);
        using var third = second.ToNext();
        AssertKeys(third, "95d9185093c002c6e8d46bd30a1f7b03dfe6c8a7636b8ddc16e2634a15a92174", "07b281eb1d891d3f09311e61");
        Assert.Throws<ObjectDisposedException>(() => first.Secret.Length);
        Assert.Throws<ObjectDisposedException>(() => second.Secret.Length);
    }

    [Fact]
    public void RFC_8446_7_5_the_exporter_depends_on_label_context_and_nothing_else()
    {
        using var master = Handshake().ToMasterSecret();
        using var exporter = master.DeriveExporter(Hash("server finished"u8));

        Assert.Equal("31336d046395e7a923652ed5f3a82db56128de2ec593d35e7edcd34b8d98c589036001c69c43b67d", Export(exporter, "hello"u8, 40));
        Assert.Equal(
            "cf84bfaf8e716ab66c10c4de288cd8895ec9f7a7863804224b03cd60f1f3509c6077562d63f21ee2b140e560f4f4142ba7da26337def935a19296097f95795da2028d111"
            + "6b07c1cd9f5b75805fa3ed27932cc73bbc216d345062ef6d87f34a2d3eac7cad",
            Export(exporter, default, 100));
        Assert.NotEqual(Export(exporter, "hello"u8, 40), Export(exporter, "hello"u8, 80)[..80]); // the length is part of the label
    }

    [Fact]
    public void An_exporter_has_its_limits()
    {
        using var master = Handshake().ToMasterSecret();
        using var exporter = master.DeriveExporter(Hash("server finished"u8));

        exporter.Export(new byte[249], new byte[100_000], new byte[255 * 48]);
        Assert.Throws<ArgumentException>(() => exporter.Export(new byte[250], default, new byte[1]));
        Assert.Throws<ArgumentException>(() => exporter.Export(default, default, new byte[(255 * 48) + 1]));
    }

    [Fact]
    public void RFC_8446_4_6_1_each_nonce_has_its_PSK()
    {
        using var resumption = Handshake().ToMasterSecret().ToResumptionSecret(Hash("client finished"u8));
        using var psk = resumption.DerivePsk([1, 2]);
        using var other = resumption.DerivePsk([1, 3]);
        using var none = resumption.DerivePsk(default);

        AssertHex("129ac375492bdb7126471a466ce6a46bab82d29052a00927b6b8bfac588a763ac6af0bb1241c157e2121d0dfe0ddfd7a", psk.Span);
        Assert.NotEqual(psk.Span.ToArray(), other.Span.ToArray());
        Assert.NotEqual(psk.Span.ToArray(), none.Span.ToArray());
    }

    [Fact]
    public void Without_a_PSK_the_early_secret_is_a_constant_and_still_each_owners_own()
    {
        using var sha384 = EarlySecret.WithoutPsk(HashAlgorithmName.SHA384);
        AssertHex("7ee8206f5570023e6dc7519eb1073bc4e791ad37b5c382aa10ba18e2357e716971f9362f2c2fe2a76bfd78dfec4ea9b5", sha384.Secret);

        EarlySecret.WithoutPsk(HashAlgorithmName.SHA256).Dispose();
        using var sha256 = EarlySecret.WithoutPsk(HashAlgorithmName.SHA256);
        AssertHex("33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a", sha256.Secret);
    }

    [Fact]
    public void A_stage_that_was_left_is_gone_and_cleared()
    {
        var early = PskEarlySecret.FromPsk(HashAlgorithmName.SHA384, s_psk);
        var earlyMemory = early.Secret;
        var handshake = early.ToHandshakeSecret(Aes256, s_sharedSecret);
        Assert.False(earlyMemory.ContainsAnyExcept((byte)0));
        Assert.Throws<ObjectDisposedException>(() => early.ComputeBinder(Hash("x"u8), new byte[48]));
        Assert.Throws<ObjectDisposedException>(() => early.ToHandshakeSecret(Aes256, s_sharedSecret));

        var handshakeMemory = handshake.Secret;
        var master = handshake.ToMasterSecret();
        Assert.False(handshakeMemory.ContainsAnyExcept((byte)0));
        Assert.Throws<ObjectDisposedException>(() => handshake.DeriveClientTraffic(Hash("x"u8)));

        var masterMemory = master.Secret;
        using var resumption = master.ToResumptionSecret(Hash("x"u8));
        Assert.False(masterMemory.ContainsAnyExcept((byte)0));
        Assert.Throws<ObjectDisposedException>(() => master.DeriveExporter(Hash("x"u8)));
    }

    [Fact]
    public void A_suite_with_another_hash_cannot_follow_a_PSK()
    {
        using var early = PskEarlySecret.FromPsk(HashAlgorithmName.SHA384, s_psk);

        Assert.Throws<ArgumentException>(() => early.ToHandshakeSecret(Aes128, s_sharedSecret));
    }

    [Fact]
    public void A_secret_prints_nothing_of_itself()
    {
        using var handshake = Handshake();

        Assert.Equal("HandshakeSecret", handshake.ToString());
    }

    private static HandshakeSecret Handshake() => PskEarlySecret.FromPsk(HashAlgorithmName.SHA384, s_psk).ToHandshakeSecret(Aes256, s_sharedSecret);

    private static string Export(ExporterSecret exporter, ReadOnlySpan<byte> context, int length)
    {
        var output = new byte[length];
        exporter.Export("EXPORTER-test"u8, context, output);
        return Convert.ToHexStringLower(output);
    }

    private static void AssertKeys(TrafficSecret secret, string expectedKey, string expectedIv)
    {
        var key = new byte[32];
        var iv = new byte[12];
        secret.ExpandKeys(key, iv);
        AssertHex(expectedKey, key);
        AssertHex(expectedIv, iv);
        Assert.Throws<ArgumentOutOfRangeException>(() => secret.ExpandKeys(new byte[16], iv));
    }

    private static void AssertHex(string expected, ReadOnlySpan<byte> actual) => Assert.Equal(expected, Convert.ToHexStringLower(actual));

    private static byte[] Hash(ReadOnlySpan<byte> words) => SHA384.HashData(words);
}
