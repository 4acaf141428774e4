using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kippu.Certificates;

/// <summary>
/// Remembers for a while which chains were accepted, for which host and role, under one policy: building a chain costs as much as several handshakes. Only
/// acceptance is remembered, and the key is a digest of every byte that was looked at. Bounded and thread-safe.
/// </summary>
internal sealed class AcceptedChains(TimeSpan reuse)
{
    private const int MaxEntries = 256;

    private readonly ConcurrentDictionary<Digest, Entry> _entries = new();

    public static Digest KeyOf(IReadOnlyList<ReadOnlyMemory<byte>> chain, string? host, bool peerIsServer)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, peerIsServer ? "server"u8 : "client"u8);
        Append(hash, host is null ? [] : Encoding.UTF8.GetBytes(host));
        foreach (var certificate in chain)
        {
            Append(hash, certificate.Span);
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return new Digest(BinaryPrimitives.ReadUInt128BigEndian(digest), BinaryPrimitives.ReadUInt128BigEndian(digest[16..]));
    }

    /// <summary>The leaf of a chain accepted not long before <paramref name="now"/>, as the caller's own handle; null if there is none.</summary>
    public X509Certificate2? Find(in Digest key, DateTimeOffset now) =>
        _entries.TryGetValue(key, out var entry) && entry.Holds(now) ? new X509Certificate2(entry.Leaf) : null;

    public void Add(in Digest key, X509Certificate2 leaf, DateTimeOffset now, DateTimeOffset validUntil)
    {
        if (_entries.Count >= MaxEntries)
        {
            MakeRoom(now);
        }

        // What is dropped is left to the finalizer: another thread may be about to copy its handle.
        var until = now + reuse;
        _entries[key] = new Entry(new X509Certificate2(leaf), now, until < validUntil ? until : validUntil);
    }

    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var (key, entry) in _entries)
        {
            if (!entry.Holds(now))
            {
                _entries.TryRemove(key, out _);
            }
        }

        if (_entries.Count >= MaxEntries)
        {
            _entries.Clear();
        }
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> field)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, field.Length);
        hash.AppendData(length);
        hash.AppendData(field);
    }

    internal readonly record struct Digest(UInt128 High, UInt128 Low);

    /// <summary>A clock that was set back before the verification makes the entry worthless as well: the chain may not be valid yet.</summary>
    private sealed record Entry(X509Certificate2 Leaf, DateTimeOffset From, DateTimeOffset Until)
    {
        public bool Holds(DateTimeOffset now) => now >= From && now < Until;
    }
}
