using System.Security.Cryptography;
using CsCheck;
using Kippu.KeySchedule;
using Xunit;

namespace Kippu.Tests.KeySchedule;

public sealed class TranscriptTests
{
    [Fact]
    public void Messages_before_and_after_the_choice_of_the_hash_count_alike()
    {
        using var transcript = new Transcript();
        transcript.Append("client hello"u8);
        Assert.False(transcript.HasHash);
        transcript.SelectHash(HashAlgorithmName.SHA256);
        transcript.Append("server hello"u8);

        Assert.True(transcript.HasHash);
        Assert.Equal(32, transcript.HashLength);
        Assert.Equal(SHA256.HashData("client helloserver hello"u8), Current(transcript));
    }

    [Fact]
    public void The_hash_is_taken_without_ending_it()
    {
        using var transcript = new Transcript();
        transcript.SelectHash(HashAlgorithmName.SHA384);
        Assert.Equal(SHA384.HashData(""u8), Current(transcript));
        transcript.Append("one"u8);
        Assert.Equal(SHA384.HashData("one"u8), Current(transcript));
        Assert.Equal(SHA384.HashData("one"u8), Current(transcript));
        transcript.Append("two"u8);
        Assert.Equal(SHA384.HashData("onetwo"u8), Current(transcript));
        Assert.Equal(48, transcript.HashLength);
    }

    [Fact]
    public void Any_mix_of_messages_hashes_and_keeping_is_the_hash_of_the_whole() =>
        Gen.Select(Gen.Byte.Array[0, 3000].Array[0, 12], Gen.Int[0, 12], Gen.Bool, Gen.Bool).Sample((messages, selectAt, keep, hashOften) =>
        {
            using var transcript = new Transcript { KeepMessages = keep };
            var all = new List<byte>();
            for (var i = 0; i < messages.Length; i++)
            {
                if (i == selectAt)
                {
                    transcript.SelectHash(HashAlgorithmName.SHA256);
                }

                transcript.Append(messages[i]);
                all.AddRange(messages[i]);
                if (hashOften && i >= selectAt)
                {
                    Assert.Equal(SHA256.HashData([.. all]), Current(transcript));
                }

                if (keep)
                {
                    Assert.Equal(all.ToArray(), transcript.Messages);
                }
            }

            if (!transcript.HasHash)
            {
                transcript.SelectHash(HashAlgorithmName.SHA256);
            }

            Assert.Equal(SHA256.HashData([.. all]), Current(transcript));
        });

    [Fact]
    public void Messages_are_kept_until_they_are_forgotten_and_the_hash_goes_on()
    {
        using var transcript = new Transcript();
        transcript.Append("one"u8);
        transcript.KeepMessages = true;
        transcript.SelectHash(HashAlgorithmName.SHA256);
        Current(transcript);
        transcript.Append("two"u8);
        Assert.Equal("onetwo"u8, transcript.Messages);

        transcript.ForgetMessages();

        Assert.Throws<InvalidOperationException>(() => transcript.Messages.Length);
        transcript.Append("three"u8);
        Assert.Equal(SHA256.HashData("onetwothree"u8), Current(transcript));
    }

    [Fact]
    public void Forgetting_before_the_hash_is_known_loses_nothing()
    {
        using var transcript = new Transcript { KeepMessages = true };
        transcript.Append("one"u8);
        transcript.ForgetMessages();
        transcript.SelectHash(HashAlgorithmName.SHA256);

        Assert.Equal(SHA256.HashData("one"u8), Current(transcript));
    }

    [Fact]
    public void Messages_that_are_gone_cannot_be_kept()
    {
        using var transcript = new Transcript();
        transcript.SelectHash(HashAlgorithmName.SHA256);
        transcript.Append("one"u8);
        Assert.Throws<InvalidOperationException>(() => transcript.Messages.Length);
        Current(transcript);

        Assert.Throws<InvalidOperationException>(() => transcript.KeepMessages = true);
    }

    [Fact]
    public void The_hash_is_chosen_once_and_before_it_is_asked_for()
    {
        using var transcript = new Transcript();
        Assert.Throws<InvalidOperationException>(() => Current(transcript));
        transcript.SelectHash(HashAlgorithmName.SHA256);

        Assert.Throws<InvalidOperationException>(() => transcript.SelectHash(HashAlgorithmName.SHA384));
    }

    [Fact]
    public void A_disposed_transcript_takes_nothing()
    {
        var transcript = new Transcript();
        transcript.Dispose();
        transcript.Dispose();

        Assert.Throws<ObjectDisposedException>(() => transcript.Append("x"u8));
        Assert.Throws<ObjectDisposedException>(() => transcript.SelectHash(HashAlgorithmName.SHA256));
    }

    private static byte[] Current(Transcript transcript)
    {
        var hash = new byte[64];
        return hash[..transcript.CurrentHash(hash)];
    }
}
