using System.Buffers;
using System.Buffers.Binary;
using Kippu.Crypto;
using Kippu.Wire;

namespace Kippu.KeySchedule;

/// <summary>
/// The master secret of a TLS 1.2 session (RFC 5246 §8.1) and everything that is derived from it. It holds the 48 bytes and one HMAC object over them
/// for all calls of the handshake.
/// </summary>
/// <remarks>Not thread-safe. Cleared on dispose.</remarks>
internal sealed class MasterSecret12 : IDisposable
{
    public const int Length = 48;
    public const int VerifyDataLength = 12;
    public const int RandomLength = 32;

    private readonly SecretBytes _secret;
    private HmacKey? _hmac;

    private MasterSecret12(CipherSuite suite, SecretBytes secret)
    {
        Suite = suite;
        _secret = secret;
    }

    public CipherSuite Suite { get; }

    public ReadOnlySpan<byte> Secret => _secret.Span;

    private HmacKey Hmac => _hmac ??= new HmacKey(Suite.Hash, _secret.Span);

    /// <summary>RFC 5246 §8.1: master_secret = PRF(pre_master_secret, "master secret", client_random + server_random)[0..47].</summary>
    public static MasterSecret12 Derive(
        CipherSuite suite, ReadOnlySpan<byte> preMaster, ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> serverRandom) =>
        Derive(suite, preMaster, "master secret"u8, clientRandom, serverRandom);

    /// <summary>
    /// RFC 7627 §4: master_secret = PRF(pre_master_secret, "extended master secret", session_hash)[0..47], where the session hash covers all
    /// handshake messages up to and including the ClientKeyExchange.
    /// </summary>
    public static MasterSecret12 DeriveExtended(CipherSuite suite, ReadOnlySpan<byte> preMaster, ReadOnlySpan<byte> sessionHash) =>
        Derive(suite, preMaster, "extended master secret"u8, sessionHash, default);

    /// <summary>The master secret of a session that is resumed: a copy.</summary>
    /// <exception cref="ArgumentException">It has not 48 bytes.</exception>
    public static MasterSecret12 Resume(CipherSuite suite, ReadOnlySpan<byte> masterSecret)
    {
        if (masterSecret.Length != Length)
        {
            throw new ArgumentException($"a master secret has {Length} bytes, not {masterSecret.Length}", nameof(masterSecret));
        }

        return new MasterSecret12(suite, SecretBytes.CopyOf(masterSecret));
    }

    /// <summary>RFC 5246 §6.3: key_block = PRF(master_secret, "key expansion", server_random + client_random). Here the server's random comes first.</summary>
    public KeyBlock12 ExpandKeys(ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> serverRandom)
    {
        var keys = new KeyBlock12(Suite);
        try
        {
            Prf.Compute(Hmac, "key expansion"u8, serverRandom, clientRandom, keys.Block);
            return keys;
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    /// <summary>RFC 5246 §7.4.9: verify_data = PRF(master_secret, finished_label, Hash(handshake_messages))[0..11].</summary>
    /// <param name="client">True for the client's Finished, false for the server's.</param>
    /// <param name="transcriptHash">Over all handshake messages before this Finished.</param>
    /// <param name="destination">12 bytes.</param>
    public void VerifyData(bool client, ReadOnlySpan<byte> transcriptHash, Span<byte> destination) =>
        Prf.Compute(Hmac, client ? "client finished"u8 : "server finished"u8, transcriptHash, default, destination[..VerifyDataLength]);

    /// <summary>
    /// RFC 5705 §4: PRF(master_secret, label, client_random + server_random [+ context_value_length + context_value]). No context and an empty one
    /// give different results.
    /// </summary>
    /// <exception cref="ArgumentException">A label that TLS itself uses, or a context above 65,535 bytes.</exception>
    public void Export(
        ReadOnlySpan<byte> label,
        bool hasContext,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> clientRandom,
        ReadOnlySpan<byte> serverRandom,
        Span<byte> destination)
    {
        // RFC 5705 §4: "exporter labels have the potential to collide with existing PRF labels". These would give away what a handshake keeps to itself.
        if (IsReserved(label))
        {
            throw new ArgumentException("TLS itself uses this label", nameof(label));
        }

        if (context.Length > ushort.MaxValue)
        {
            throw new ArgumentException($"a context has at most {ushort.MaxValue} bytes, not {context.Length}", nameof(context));
        }

        var seed = ArrayPool<byte>.Shared.Rent((2 * RandomLength) + 2 + context.Length);
        try
        {
            clientRandom[..RandomLength].CopyTo(seed);
            serverRandom[..RandomLength].CopyTo(seed.AsSpan(RandomLength));
            var length = 2 * RandomLength;
            if (hasContext)
            {
                BinaryPrimitives.WriteUInt16BigEndian(seed.AsSpan(length), (ushort)context.Length);
                context.CopyTo(seed.AsSpan(length + 2));
                length += 2 + context.Length;
            }

            Prf.Compute(Hmac, label, seed.AsSpan(0, length), default, destination);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(seed, clearArray: true);
        }
    }

    /// <summary>
    /// Lets go of the HMAC object, which is native memory; it is made anew when it is needed. For connections that are past their handshake and may
    /// stay idle for long.
    /// </summary>
    public void ReleaseHmac()
    {
        _hmac?.Dispose();
        _hmac = null;
    }

    public void Dispose()
    {
        ReleaseHmac();
        _secret.Dispose();
    }

    private static MasterSecret12 Derive(
        CipherSuite suite, ReadOnlySpan<byte> preMaster, ReadOnlySpan<byte> label, ReadOnlySpan<byte> seed1, ReadOnlySpan<byte> seed2)
    {
        var secret = new SecretBytes(Length);
        try
        {
            using var hmac = new HmacKey(suite.Hash, preMaster);
            Prf.Compute(hmac, label, seed1, seed2, secret.Span);
            return new MasterSecret12(suite, secret);
        }
        catch
        {
            secret.Dispose();
            throw;
        }
    }

    private static bool IsReserved(ReadOnlySpan<byte> label) =>
        PublicBytes.AreEqual(label, "client finished"u8)
        || PublicBytes.AreEqual(label, "server finished"u8)
        || PublicBytes.AreEqual(label, "master secret"u8)
        || PublicBytes.AreEqual(label, "extended master secret"u8)
        || PublicBytes.AreEqual(label, "key expansion"u8);
}
