using System.Security.Cryptography;
using CsCheck;
using Kippu.Crypto;
using Kippu.KeySchedule;
using Xunit;

namespace Kippu.Tests.KeySchedule;

public sealed class PrfTests
{
    /// <summary>The vectors that went around on the IETF's TLS list in 2009; checked again with Python's hmac.</summary>
    public static TheoryData<string, string, string, string> Vectors => new()
    {
        {
            "SHA256", "9bbe436ba940f017b17652849a71db35", "a0ba9f936cda311827a6f796ffd5198c",
            "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc9166"
            + "6e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66"
        },
        {
            "SHA384", "b80b733d6ceefcdc71566ea48e5567df", "cd665cf6a8447dd6ff8b27555edb7465",
            "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b1233c9146a0e534cb400fed2700884f9dc236f80edd8bfa9611"
            + "44c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d9184259b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee691c8f3a26854308d"
            + "5eaa3be85e0990703d73e56f"
        },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_known_vectors_hold(string hash, string secret, string seed, string output)
    {
        using var hmac = new HmacKey(new HashAlgorithmName(hash), Convert.FromHexString(secret));
        var actual = new byte[output.Length / 2];

        Prf.Compute(hmac, "test label"u8, Convert.FromHexString(seed), default, actual);

        Assert.Equal(output, Convert.ToHexStringLower(actual));
    }

    [Fact]
    public void Any_label_seeds_and_length_give_P_hash_written_plainly() =>
        Gen.Select(Gen.Byte.Array[0, 80], Gen.Byte.Array[0, 40], Gen.Byte.Array[0, 400], Gen.Byte.Array[0, 40], Gen.Int[0, 200]).Sample(
            (secret, label, seed1, seed2, length) =>
            {
                using var hmac = new HmacKey(HashAlgorithmName.SHA256, secret);
                var actual = new byte[length];
                Prf.Compute(hmac, label, seed1, seed2, actual);

                Assert.Equal(Plainly(secret, [.. label, .. seed1, .. seed2], length), actual);
            });

    [Fact]
    public void A_shorter_output_is_a_prefix_of_a_longer_one()
    {
        using var hmac = new HmacKey(HashAlgorithmName.SHA256, "secret"u8);
        var whole = new byte[100];
        Prf.Compute(hmac, "label"u8, "seed"u8, default, whole);

        for (var length = 0; length < whole.Length; length++)
        {
            var part = new byte[length];
            Prf.Compute(hmac, "label"u8, "seed"u8, default, part);
            Assert.Equal(whole[..length], part);
        }
    }

    [Fact]
    public void It_writes_nothing_beyond_its_destination()
    {
        using var hmac = new HmacKey(HashAlgorithmName.SHA256, "secret"u8);
        var buffer = new byte[64];

        Prf.Compute(hmac, "label"u8, "seed"u8, default, buffer.AsSpan(0, 40));

        Assert.False(buffer.AsSpan(40).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void What_it_worked_with_is_cleared_and_given_back_if_it_fails_too()
    {
        var hmac = new HmacKey(HashAlgorithmName.SHA256, "secret"u8);
        hmac.Dispose();
        var seed = Enumerable.Repeat((byte)0xAB, 1000).ToArray();
        var shared = SharedArray.Of(SHA256.HashSizeInBytes + "label"u8.Length + seed.Length);

        Assert.ThrowsAny<Exception>(() => Prf.Compute(hmac, "label"u8, seed, default, new byte[12]));

        SharedArray.AssertCleared(shared);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        using var hmac = new HmacKey(HashAlgorithmName.SHA384, "secret"u8);
        var output = new byte[12];
        var seed = new byte[48];
        Prf.Compute(hmac, "client finished"u8, seed, default, output);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Prf.Compute(hmac, "client finished"u8, seed, default, output);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>RFC 5246 §5, word by word.</summary>
    private static byte[] Plainly(byte[] secret, byte[] seed, int length)
    {
        var output = new List<byte>();
        var a = seed;
        while (output.Count < length)
        {
            a = HMACSHA256.HashData(secret, a);
            output.AddRange(HMACSHA256.HashData(secret, (byte[])[.. a, .. seed]));
        }

        return [.. output.Take(length)];
    }
}
