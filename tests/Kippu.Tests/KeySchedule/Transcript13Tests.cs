using System.Security.Cryptography;
using Kippu.KeySchedule;
using Xunit;

namespace Kippu.Tests.KeySchedule;

/// <summary>What TLS 1.3 asks of a transcript.</summary>
public sealed class Transcript13Tests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RFC_8446_4_4_1_the_first_hello_gives_way_to_its_hash(bool keep)
    {
        using var transcript = new Transcript { KeepMessages = keep };
        transcript.Append("hello 1"u8);
        transcript.SelectHash(HashAlgorithmName.SHA384);
        transcript.ReplaceByMessageHash();
        byte[] synthetic = [254, 0, 0, 48, .. SHA384.HashData("hello 1"u8)];
        Assert.Equal(SHA384.HashData(synthetic), Current(transcript));

        transcript.Append("retry"u8);
        Assert.Equal(SHA384.HashData([.. synthetic, .. "retry"u8]), Current(transcript));
        if (keep)
        {
            Assert.Equal([.. synthetic, .. "retry"u8], transcript.Messages.ToArray());
        }
    }

    [Fact]
    public void It_gives_way_also_after_its_hash_was_asked_for()
    {
        using var transcript = new Transcript();
        transcript.SelectHash(HashAlgorithmName.SHA256);
        transcript.Append("hello 1"u8);
        Current(transcript);
        transcript.ReplaceByMessageHash();

        Assert.Equal(SHA256.HashData([254, 0, 0, 32, .. SHA256.HashData("hello 1"u8)]), Current(transcript));
    }

    [Fact]
    public void Before_the_server_has_chosen_a_client_hashes_with_the_hash_of_its_PSK()
    {
        using var transcript = new Transcript();
        Assert.Equal(SHA384.HashData("hel"u8), Provisional(transcript, HashAlgorithmName.SHA384, "hel"u8));
        transcript.Append("hello"u8);
        Assert.Equal(SHA256.HashData("hello"u8), Provisional(transcript, HashAlgorithmName.SHA256, default));
        Assert.Equal(SHA256.HashData("hello more"u8), Provisional(transcript, HashAlgorithmName.SHA256, " more"u8));

        transcript.SelectHash(HashAlgorithmName.SHA384);
        Assert.Equal(SHA384.HashData("hello"u8), Current(transcript));
        Assert.Throws<InvalidOperationException>(() => Provisional(transcript, HashAlgorithmName.SHA384, default));
    }

    [Fact]
    public void A_hash_that_is_asked_for_twice_is_the_same_and_follows_what_is_appended()
    {
        using var transcript = new Transcript();
        transcript.SelectHash(HashAlgorithmName.SHA256);
        transcript.Append("one"u8);
        Assert.Equal(Current(transcript), Current(transcript));
        transcript.Append("two"u8);

        Assert.Equal(SHA256.HashData("onetwo"u8), Current(transcript));
        Assert.ThrowsAny<ArgumentException>(() => transcript.CurrentHash(new byte[31]));
    }

    private static byte[] Current(Transcript transcript)
    {
        var hash = new byte[64];
        return hash[..transcript.CurrentHash(hash)];
    }

    private static byte[] Provisional(Transcript transcript, HashAlgorithmName algorithm, ReadOnlySpan<byte> next)
    {
        var hash = new byte[64];
        return hash[..transcript.HashBeforeSelection(algorithm, next, hash)];
    }
}
