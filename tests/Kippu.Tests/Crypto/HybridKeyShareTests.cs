using System.Security.Cryptography;
using Kippu.Alerts;
using Kippu.Crypto;
using Xunit;

namespace Kippu.Tests.Crypto;

/// <summary>X25519MLKEM768. Where the platform has no ML-KEM (OpenSSL before 3.5), all there is to see is that it is not offered.</summary>
public sealed class HybridKeyShareTests
{
    private const NamedGroup Hybrid = NamedGroup.X25519MLKem768;

    [Fact]
    public void It_is_there_where_the_platform_has_ML_KEM()
    {
        Assert.Equal(MLKem.IsSupported && Sodium.IsAvailable, KeyShare.IsSupported(Hybrid));
        if (!KeyShare.IsSupported(Hybrid))
        {
            Assert.Throws<NotSupportedException>(() => KeyShare.Generate(Hybrid));
            Assert.Throws<NotSupportedException>(() => KeyShare.Answer(Hybrid, new byte[1216], out _));
        }
    }

    [Fact]
    public void Both_sides_agree()
    {
        if (!KeyShare.IsSupported(Hybrid))
        {
            return;
        }

        using var client = KeyShare.Generate(Hybrid);
        var server = KeyShare.Answer(Hybrid, client.PublicKey, out var atServer);
        using var atClient = client.DeriveSharedSecret(server);

        Assert.Equal(Hybrid, client.Group);
        Assert.Equal(1184 + 32, client.PublicKey.Length);
        Assert.Equal(1088 + 32, server.Length);
        Assert.Equal(64, atClient.Length);
        Assert.Equal(atClient.Span, atServer.Span);
        atServer.Dispose();
    }

    [Fact]
    public void Shares_of_a_wrong_length_or_with_a_point_of_low_order_or_a_key_out_of_range_are_refused()
    {
        if (!KeyShare.IsSupported(Hybrid))
        {
            return;
        }

        using var client = KeyShare.Generate(Hybrid);
        var share = client.PublicKey.ToArray();
        var server = KeyShare.Answer(Hybrid, share, out var secret);
        secret.Dispose();
        byte[] lowOrder = [.. share[..1184], .. new byte[32]];
        byte[] outOfRange = [.. Enumerable.Repeat((byte)0xFF, 1152), .. share[1152..]];

        foreach (var bad in new[] { [], share[..1215], [.. share, 0], lowOrder, outOfRange })
        {
            Refused(() => KeyShare.Answer(Hybrid, bad, out _));
        }

        foreach (var bad in new[] { [], server[..1119], [.. server, 0], (byte[])[.. server[..1088], .. new byte[32]] })
        {
            Refused(() => client.DeriveSharedSecret(bad));
        }
    }

    [Fact]
    public void A_ciphertext_that_was_changed_gives_another_secret()
    {
        if (!KeyShare.IsSupported(Hybrid))
        {
            return;
        }

        using var client = KeyShare.Generate(Hybrid);
        var server = KeyShare.Answer(Hybrid, client.PublicKey, out var atServer);
        server[0] ^= 1;
        using var atClient = client.DeriveSharedSecret(server);

        Assert.NotEqual(atClient.Span.ToArray(), atServer.Span.ToArray());
        atServer.Dispose();
    }

    [Theory]
    [InlineData(NamedGroup.X25519)]
    [InlineData(NamedGroup.Secp256r1)]
    public void To_answer_is_to_generate_and_to_derive_in_the_other_groups(NamedGroup group)
    {
        using var client = KeyShare.Generate(group);
        var server = KeyShare.Answer(group, client.PublicKey, out var atServer);
        using var atClient = client.DeriveSharedSecret(server);

        Assert.Equal(atClient.Span, atServer.Span);
        atServer.Dispose();
    }

    private static void Refused(Func<object> action) => Assert.Equal(TlsFault.BadKeyShare, Assert.Throws<TlsFaultException>(action).Fault);
}
