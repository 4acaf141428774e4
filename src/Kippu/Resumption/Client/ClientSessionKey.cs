using System.Buffers.Binary;

namespace Kippu.Resumption;

/// <summary>
/// Whom a client's sessions are for, as a digest: host, port, name sent, the client's own policy, and the application's partition. A session is offered
/// only where all of them are the same.
/// </summary>
internal readonly record struct ClientSessionKey
{
    public const int Length = LengthPrefixedHash.Length;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    private ClientSessionKey(ReadOnlySpan<byte> digest)
    {
        _high = BinaryPrimitives.ReadUInt128BigEndian(digest);
        _low = BinaryPrimitives.ReadUInt128BigEndian(digest[16..]);
    }

    private static ReadOnlySpan<byte> Label => "kippu client session 1"u8;

    /// <param name="policyDigest">Of <see cref="ClientSessionPolicy"/>.</param>
    /// <param name="host">The name or address that the certificate is verified against; case does not matter.</param>
    /// <param name="port">The port.</param>
    /// <param name="serverName">What is sent as server_name; null if nothing is.</param>
    /// <param name="partition">The application's.</param>
    public static ClientSessionKey Create(ReadOnlySpan<byte> policyDigest, string host, int port, string? serverName, string partition)
    {
        Span<byte> digest = stackalloc byte[Length];
        using var hash = new LengthPrefixedHash(Label);
        hash.Add(policyDigest);
        hash.Add(host.ToLowerInvariant());
        hash.Add(port);
        hash.Add(serverName?.ToLowerInvariant() ?? "");
        hash.Add(partition);
        hash.Finish(digest);
        return new ClientSessionKey(digest);
    }

    public static bool TryParse(string hex, out ClientSessionKey key)
    {
        Span<byte> digest = stackalloc byte[Length];
        var parsed = hex.Length == 2 * Length && Convert.FromHexString(hex, digest, out _, out _) == System.Buffers.OperationStatus.Done;
        key = parsed ? new ClientSessionKey(digest) : default;
        return parsed;
    }

    /// <summary>64 hexadecimal digits.</summary>
    public override string ToString() => $"{_high:x32}{_low:x32}";
}
