using System.Security.Cryptography;
using CsCheck;
using Kippu.Crypto;
using Xunit;

namespace Kippu.Tests.Crypto;

public abstract class RunningHashTests
{
    private protected abstract CryptoBackend Backend { get; }

    [Fact]
    public void It_can_be_asked_at_any_time_and_goes_on() =>
        Gen.Byte.Array[0, 300].Array[0, 8].Sample(parts =>
        {
            using var sha256 = new RunningHash(HashAlgorithmName.SHA256, Backend);
            using var sha384 = new RunningHash(HashAlgorithmName.SHA384, Backend);
            var all = new List<byte>();
            var hash = new byte[64];
            foreach (var part in parts)
            {
                sha256.Append(part);
                sha384.Append(part);
                all.AddRange(part);

                Assert.Equal(32, sha256.GetCurrentHash(hash));
                Assert.Equal(SHA256.HashData([.. all]), hash[..32]);
                Assert.Equal(48, sha384.GetCurrentHash(hash));
                Assert.Equal(SHA384.HashData([.. all]), hash[..48]);
            }
        });

    [Fact]
    public void Lengths_are_known_and_a_short_destination_is_refused()
    {
        using var hash = new RunningHash(HashAlgorithmName.SHA384, Backend);

        Assert.Equal(48, hash.Length);
        Assert.ThrowsAny<ArgumentException>(() => hash.GetCurrentHash(new byte[47]));
    }

    [Fact]
    public void A_disposed_one_does_nothing()
    {
        var hash = new RunningHash(HashAlgorithmName.SHA256, Backend);
        hash.Dispose();
        hash.Dispose();

        Assert.Throws<ObjectDisposedException>(() => hash.Append("x"u8));
    }
}

public sealed class RunningHashTestsOnPlatform : RunningHashTests
{
    private protected override CryptoBackend Backend => CryptoBackend.Platform;
}

/// <summary>Where libcrypto is not installed this is the platform once more.</summary>
public sealed class RunningHashTestsOnLibCrypto : RunningHashTests
{
    private protected override CryptoBackend Backend => CryptoBackend.LibCrypto;
}
