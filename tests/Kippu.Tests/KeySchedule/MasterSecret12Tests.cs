using System.Net.Security;
using System.Security.Cryptography;
using Kippu.Crypto;
using Kippu.KeySchedule;
using Kippu.Tests.Crypto;
using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.KeySchedule;

/// <summary>
/// The expected values were computed with Python's hmac and hashlib, from the formulas of the RFCs alone: pre-master secret 00..1f, client random
/// 20..3f, server random 40..5f, transcript hash = Hash("transcript").
/// </summary>
[Collection(nameof(ClearedMemoryGroup))]
public sealed class MasterSecret12Tests
{
    private const string MasterSha256 = "518bc65fd30dabe86349152f98435c94d907b50c92a931c5a2f9e3a4d90f3439f2726c763fb1a40aec90b8bc60173f7c";
    private const string MasterSha384 = "909490f0f47aee91bd8a00a8f1371a0f419ed788896cfaed9fb726fe7b9bce56af69b2924aebce67f95f8068856cc870";

    private static readonly byte[] s_preMaster = Sequence(0x00);
    private static readonly byte[] s_clientRandom = Sequence(0x20);
    private static readonly byte[] s_serverRandom = Sequence(0x40);

    private static CipherSuite Aes128 => Suite(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256);

    private static CipherSuite Aes256 => Suite(TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384);

    private static CipherSuite ChaCha => Suite(TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256);

    [Fact]
    public void The_master_secret_is_that_of_RFC_5246_section_8_1()
    {
        using var sha256 = MasterSecret12.Derive(Aes128, s_preMaster, s_clientRandom, s_serverRandom);
        using var sha384 = MasterSecret12.Derive(Aes256, s_preMaster, s_clientRandom, s_serverRandom);

        Assert.Equal(MasterSha256, Convert.ToHexStringLower(sha256.Secret));
        Assert.Equal(MasterSha384, Convert.ToHexStringLower(sha384.Secret));
        Assert.Same(Aes256, sha384.Suite);
    }

    [Fact]
    public void The_vector_of_NIST_for_the_master_secret_and_the_key_block_holds()
    {
        // NIST CAVP, "TLS 1.2 key derivation function", SHA-256, the first count; its key block is 128 bytes and ours the first 40.
        using var master = MasterSecret12.Derive(
            Aes128,
            Convert.FromHexString("f8938ecc9edebc5030c0c6a441e213cd24e6f770a50dda07876f8d55da062bcadb386b411fd4fe4313a604fce6c17fbc"),
            Convert.FromHexString("36c129d01a3200894b9179faac589d9835d58775f9b5ea3587cb8fd0364cae8c"),
            Convert.FromHexString("f6c9575ed7ddd73e1f7d16eca115415812a43c2b747daaaae043abfb50053fce"));
        Assert.Equal(
            "202c88c00f84a17a20027079604787461176455539e705be730890602c289a5001e34eeb3a043e5d52a65e66125188bf", Convert.ToHexStringLower(master.Secret));

        using var keys = master.ExpandKeys(
            Convert.FromHexString("62e1fd91f23f558a605f28478c58cf72637b89784d959df7e946d3f07bd1b616"),
            Convert.FromHexString("ae6c806f8ad4d80784549dff28a4b58fd837681a51d928c3e30ee5ff14f39868"));
        Assert.Equal("d06139889fffac1e3a71865f504aa5d0", Convert.ToHexStringLower(keys.ClientKey));
        Assert.Equal("d2a2e89506c6f2279b670c3e1b74f531", Convert.ToHexStringLower(keys.ServerKey));
        Assert.Equal("016a2530", Convert.ToHexStringLower(keys.ClientIv));
        Assert.Equal("c51a3a0f", Convert.ToHexStringLower(keys.ServerIv));
    }

    [Fact]
    public void The_extended_master_secret_is_that_of_RFC_7627_section_4()
    {
        using var sha256 = MasterSecret12.DeriveExtended(Aes128, s_preMaster, SHA256.HashData("transcript"u8));
        using var sha384 = MasterSecret12.DeriveExtended(Aes256, s_preMaster, SHA384.HashData("transcript"u8));

        Assert.Equal(
            "08c57243a4862f4c185b0cacc6294ca503e0d7faf36b4f6a53c7114a4f2cbd031dd7de18962373e6009459baa3926d03", Convert.ToHexStringLower(sha256.Secret));
        Assert.Equal(
            "f04dd663bcc883c78119505b3f074220212035a15438bff61b7e0910156c547826be8062db5776eed0abb15cd75dab47", Convert.ToHexStringLower(sha384.Secret));
    }

    [Fact]
    public void The_key_block_is_cut_as_RFC_5246_section_6_3_says()
    {
        AssertKeys(Aes128, MasterSha256, "9052d2e0e4485b2e323effcbc8a47e08", "39454ba1588ffbc35dccffd8fe8f67f3", "6aee3d73", "3b5a6abc");
        AssertKeys(
            Aes256, MasterSha384,
            "b754545d0582b4de3cf2e11c10d40a24731c50482ac068f9efe6ae78a70c77ed", "c487d0a62b6894e874d56e08fc0781f12a16267ef940fcb04d8f4ca595870248",
            "42b596b5", "c43ed72a");
        AssertKeys(
            ChaCha, MasterSha256,
            "9052d2e0e4485b2e323effcbc8a47e0839454ba1588ffbc35dccffd8fe8f67f3", "6aee3d733b5a6abc5818a826fab3fea582291c5ae2097fcbbcb6038cd5d6a970",
            "f236e9b87b13063de4518cc8", "0660e7a4003c02ee214c1c93");
    }

    [Fact]
    public void The_verify_data_is_that_of_RFC_5246_section_7_4_9()
    {
        AssertVerifyData(Aes128, MasterSha256, SHA256.HashData("transcript"u8), "36c0b430221c00520bff8d16", "4fad5dead060e2fae2c50331");
        AssertVerifyData(Aes256, MasterSha384, SHA384.HashData("transcript"u8), "5ce68b384768e421cacc08f6", "3dde6ab0febcecf652bca37b");
    }

    [Fact]
    public void The_exporter_is_that_of_RFC_5705_and_no_context_is_not_an_empty_one()
    {
        using var sha256 = Resume(Aes128, MasterSha256);
        using var sha384 = Resume(Aes256, MasterSha384);

        Assert.Equal("0498f57432893ca9fb92fe9e2b5e88e55af36986466d939403e5b75a082b1575e0ed79d9fb63a19a", Export(sha256, hasContext: false, []));
        Assert.Equal("b252559e2925ce9273091e6c271bd8c81d6d0eec9632204e41125d02a661b7dff65e25de4552d06c", Export(sha256, hasContext: true, []));
        Assert.Equal("18b4e13323e5488177e86600728fc563b82bec23f7a12b2572d3d088823a317bf7468027fdb84d56", Export(sha256, hasContext: true, "hello"u8));
        Assert.Equal("e35db1c8c616a7df78252cd8fcdb9f3a3f2c980de688fa89ceb579aa16620a4a89d70604433f0b0a", Export(sha384, hasContext: false, []));
        Assert.Equal("e142f7239d1a01aebde330a261d77f662f0201d568df257050edf891797d769a92ac26745c2ded8c", Export(sha384, hasContext: true, "hello"u8));
    }

    [Fact]
    public void The_longest_context_has_65535_bytes()
    {
        using var master = Resume(Aes128, MasterSha256);
        var longest = Enumerable.Repeat((byte)0xAA, ushort.MaxValue).ToArray();

        Assert.Equal("b4d5cc39c8608c23207546621896900818060492bc02e83298d383a5c328f22c1523801cd840f88a", Export(master, hasContext: true, longest));
        Assert.Throws<ArgumentException>(() => Export(master, hasContext: true, [.. longest, 0xAA]));
    }

    [Fact]
    public void What_the_exporter_worked_with_is_cleared_and_given_back_if_it_fails_too()
    {
        var master = Resume(Aes128, MasterSha256);
        master.Dispose();
        var context = Enumerable.Repeat((byte)0xAB, 1000).ToArray();
        var shared = SharedArray.Of((2 * MasterSecret12.RandomLength) + 2 + context.Length);

        Assert.Throws<ObjectDisposedException>(() => Export(master, hasContext: true, context));

        SharedArray.AssertCleared(shared);
    }

    [Theory]
    [InlineData("client finished")]
    [InlineData("server finished")]
    [InlineData("master secret")]
    [InlineData("extended master secret")]
    [InlineData("key expansion")]
    public void The_exporter_refuses_labels_that_TLS_itself_uses(string label)
    {
        using var master = Resume(Aes128, MasterSha256);

        Assert.Throws<ArgumentException>(
            () => master.Export(System.Text.Encoding.ASCII.GetBytes(label), false, default, s_clientRandom, s_serverRandom, new byte[12]));
    }

    [Theory]
    [InlineData(47)]
    [InlineData(49)]
    [InlineData(0)]
    public void A_master_secret_has_48_bytes(int length) =>
        Assert.Throws<ArgumentException>(() => MasterSecret12.Resume(Aes128, new byte[length]));

    [Fact]
    public void It_goes_on_after_its_HMAC_object_was_let_go()
    {
        using var master = Resume(Aes128, MasterSha256);
        var before = Export(master, hasContext: false, []);
        master.ReleaseHmac();
        master.ReleaseHmac();

        Assert.Equal(before, Export(master, hasContext: false, []));
    }

    [Fact]
    public void Dispose_clears_the_secret()
    {
        var master = Resume(Aes128, MasterSha256);
        var memory = master.Secret;
        master.Dispose();

        Assert.False(memory.ContainsAnyExcept((byte)0));
        Assert.Throws<ObjectDisposedException>(() => master.Secret.Length);
        Assert.Throws<ObjectDisposedException>(() => master.VerifyData(true, new byte[32], new byte[12]));
    }

    [Fact]
    public void Dispose_clears_the_key_block()
    {
        using var master = Resume(Aes128, MasterSha256);
        var keys = master.ExpandKeys(s_clientRandom, s_serverRandom);
        var memory = keys.Block;
        Assert.True(memory.Overlaps(keys.ClientKey) && memory.Overlaps(keys.ServerIv) && memory.ContainsAnyExcept((byte)0));
        keys.Dispose();

        Assert.False(memory.ContainsAnyExcept((byte)0));
        Assert.Throws<ObjectDisposedException>(() => keys.ClientKey.Length);
    }

    private static void AssertKeys(CipherSuite suite, string masterSecret, string clientKey, string serverKey, string clientIv, string serverIv)
    {
        using var master = Resume(suite, masterSecret);
        using var keys = master.ExpandKeys(s_clientRandom, s_serverRandom);

        Assert.Equal(clientKey, Convert.ToHexStringLower(keys.ClientKey));
        Assert.Equal(serverKey, Convert.ToHexStringLower(keys.ServerKey));
        Assert.Equal(clientIv, Convert.ToHexStringLower(keys.ClientIv));
        Assert.Equal(serverIv, Convert.ToHexStringLower(keys.ServerIv));
    }

    private static void AssertVerifyData(CipherSuite suite, string masterSecret, byte[] transcriptHash, string client, string server)
    {
        using var master = Resume(suite, masterSecret);
        var verifyData = new byte[12];
        master.VerifyData(client: true, transcriptHash, verifyData);
        Assert.Equal(client, Convert.ToHexStringLower(verifyData));
        master.VerifyData(client: false, transcriptHash, verifyData);
        Assert.Equal(server, Convert.ToHexStringLower(verifyData));
    }

    private static string Export(MasterSecret12 master, bool hasContext, ReadOnlySpan<byte> context)
    {
        var output = new byte[40];
        master.Export("EXPORTER-test"u8, hasContext, context, s_clientRandom, s_serverRandom, output);
        return Convert.ToHexStringLower(output);
    }

    private static MasterSecret12 Resume(CipherSuite suite, string masterSecret) => MasterSecret12.Resume(suite, Convert.FromHexString(masterSecret));

    private static CipherSuite Suite(TlsCipherSuite id) => CipherSuite.Find((ushort)id)!;

    private static byte[] Sequence(int start) => [.. Enumerable.Range(start, 32).Select(i => (byte)i)];
}
