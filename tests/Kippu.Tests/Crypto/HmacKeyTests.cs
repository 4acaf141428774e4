using System.Security.Cryptography;
using CsCheck;
using Kippu.Crypto;
using Xunit;

namespace Kippu.Tests.Crypto;

public abstract class HmacKeyTests
{
    private protected abstract CryptoBackend Backend { get; }

    [Fact]
    public void It_is_the_HMAC_of_RFC_4231()
    {
        using var hmac = new HmacKey(HashAlgorithmName.SHA256, "Jefe"u8, Backend);
        var mac = new byte[32];

        hmac.Compute("what do ya want for nothing?"u8, mac);

        Assert.Equal("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", Convert.ToHexStringLower(mac));
        Assert.Equal(32, hmac.Length);
    }

    [Fact]
    public void Parts_are_the_same_as_the_whole_and_the_object_starts_anew_each_time() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Byte.Array[0, 200], Gen.Byte.Array[0, 200], Gen.Byte.Array[0, 150]).Sample((key, a, b, c) =>
        {
            using var hmac = new HmacKey(HashAlgorithmName.SHA384, key, Backend);
            var two = new byte[48];
            var three = new byte[48];
            var whole = new byte[48];
            hmac.Compute(a, b, two);
            hmac.Compute(a, b, c, three);
            hmac.Compute([.. a, .. b, .. c], whole);

            Assert.Equal(HMACSHA384.HashData(key, (byte[])[.. a, .. b]), two);
            Assert.Equal(HMACSHA384.HashData(key, (byte[])[.. a, .. b, .. c]), three);
            Assert.Equal(three, whole);
        });

    [Fact]
    public void A_disposed_key_computes_nothing()
    {
        var hmac = new HmacKey(HashAlgorithmName.SHA256, "key"u8, Backend);
        hmac.Dispose();

        Assert.Throws<ObjectDisposedException>(() => hmac.Compute("x"u8, new byte[32]));
    }

    [Fact]
    public void A_pool_hands_out_an_object_to_one_at_a_time_and_keeps_it()
    {
        using var pool = new HmacPool(HashAlgorithmName.SHA256, "key"u8);
        var first = pool.Rent();
        var second = pool.Rent();
        Assert.NotSame(first, second);

        pool.Return(first);
        Assert.Same(first, pool.Rent());
        pool.Return(second);
        pool.Return(first);
    }

    [Fact]
    public void A_pool_keeps_a_bounded_number()
    {
        using var pool = new HmacPool(HashAlgorithmName.SHA256, "key"u8);
        var rented = Enumerable.Range(0, 200).Select(_ => pool.Rent()).ToArray();
        foreach (var hmac in rented)
        {
            pool.Return(hmac);
        }

        var disposed = rented.Count(hmac => Record.Exception(() => hmac.Compute("x"u8, new byte[32])) is ObjectDisposedException);
        Assert.InRange(disposed, 200 - 64, 198);
    }

    [Fact]
    public void A_disposed_pool_disposes_what_is_idle_and_what_comes_back()
    {
        var pool = new HmacPool(HashAlgorithmName.SHA256, "key"u8);
        var idle = pool.Rent();
        var late = pool.Rent();
        pool.Return(idle);

        pool.Dispose();

        Assert.Throws<ObjectDisposedException>(() => idle.Compute("x"u8, new byte[32]));
        late.Compute("x"u8, new byte[32]);
        pool.Return(late);
        Assert.Throws<ObjectDisposedException>(() => late.Compute("x"u8, new byte[32]));
        Assert.Throws<ObjectDisposedException>(pool.Rent);
    }

    [Fact]
    public void Many_threads_share_a_pool()
    {
        using var pool = new HmacPool(HashAlgorithmName.SHA256, "key"u8);
        var expected = HMACSHA256.HashData("key"u8, "message"u8);

        Parallel.For(0, 2000, _ =>
        {
            var hmac = pool.Rent();
            var mac = new byte[32];
            hmac.Compute("message"u8, mac);
            pool.Return(hmac);
            Assert.Equal(expected, mac);
        });
    }
}

public sealed class HmacKeyTestsOnPlatform : HmacKeyTests
{
    private protected override CryptoBackend Backend => CryptoBackend.Platform;
}

/// <summary>Where libcrypto is not installed this is the platform once more.</summary>
public sealed class HmacKeyTestsOnLibCrypto : HmacKeyTests
{
    private protected override CryptoBackend Backend => CryptoBackend.LibCrypto;
}
