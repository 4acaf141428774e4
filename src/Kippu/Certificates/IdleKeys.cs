using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Kippu.Certificates;

/// <summary>
/// Public keys that were imported and are not in use. Importing one checks that it is a valid key of its curve, which costs more than verifying a signature
/// with it, and most connections go to few peers. A key is a pure function of its bytes, so it can be shared whatever the policy; each is lent to one at a time.
/// </summary>
internal sealed class IdleKeys
{
    private const int MaxKeys = 64;

    /// <summary>How many of one name are kept: a full handshake holds one for the signature while the verdict on the chain looks at another.</summary>
    private const int Slots = 2;

    private readonly ConcurrentDictionary<(Name Name, int Slot), AsymmetricAlgorithm> _keys = new();

    /// <summary>The name of a SubjectPublicKeyInfo: its SHA-256.</summary>
    public static Name NameOf(ReadOnlySpan<byte> info)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(info, digest);
        return new Name(BinaryPrimitives.ReadUInt128BigEndian(digest), BinaryPrimitives.ReadUInt128BigEndian(digest[16..]));
    }

    /// <summary>An idle key of this name, now the caller's alone; null if there is none.</summary>
    public AsymmetricAlgorithm? Take(in Name name)
    {
        for (var slot = 0; slot < Slots; slot++)
        {
            if (_keys.TryRemove((name, slot), out var key))
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>Leaves a key for the next who needs it, or disposes it.</summary>
    public void Leave(in Name name, AsymmetricAlgorithm key)
    {
        // A stranger may fill it with keys that nobody asks for again: then all go, and those in use come back.
        if (_keys.Count >= MaxKeys)
        {
            Clear();
        }

        for (var slot = 0; slot < Slots; slot++)
        {
            if (_keys.TryAdd((name, slot), key))
            {
                return;
            }
        }

        key.Dispose();
    }

    private void Clear()
    {
        foreach (var place in _keys.Keys)
        {
            if (_keys.TryRemove(place, out var key))
            {
                key.Dispose();
            }
        }
    }

    internal readonly record struct Name(UInt128 High, UInt128 Low);
}
