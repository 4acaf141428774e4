using Kippu.Alerts;

namespace Kippu.Wire;

/// <summary>
/// The pre-shared keys that a client offers (RFC 8446 §4.2.11), seen through the bytes of the wire. They were checked when the offer was made, so walking
/// it cannot fail.
/// <code>
/// opaque PskBinderEntry&lt;32..255&gt;;
/// struct {
///     PskIdentity identities&lt;7..2^16-1&gt;;
///     PskBinderEntry binders&lt;33..2^16-1&gt;;
/// } OfferedPsks;
/// </code>
/// </summary>
internal readonly struct OfferedPsks
{
    private readonly ReadOnlyMemory<byte> _identities;
    private readonly ReadOnlyMemory<byte> _binders;

    private OfferedPsks(ReadOnlyMemory<byte> identities, ReadOnlyMemory<byte> binders, int count)
    {
        _identities = identities;
        _binders = binders;
        Count = count;
    }

    /// <summary>How many there are; each has an identity and a binder.</summary>
    public int Count { get; }

    /// <summary>
    /// How many bytes the list of binders takes, with its length. The extension is the last of its hello, so they are the last bytes of the hello, and all
    /// before them is what the binders cover (§4.2.11.2).
    /// </summary>
    public int BindersLength => sizeof(ushort) + _binders.Length;

    /// <summary>The content of identities, without its length.</summary>
    public ReadOnlySpan<byte> RawIdentities => _identities.Span;

    /// <summary>The content of binders, without its length.</summary>
    public ReadOnlySpan<byte> RawBinders => _binders.Span;

    /// <summary>The offer in the contents of the two vectors, without their lengths.</summary>
    /// <exception cref="TlsFaultException">An entry is cut off, empty or too short; or there are not as many binders as identities.</exception>
    public static OfferedPsks Parse(ReadOnlyMemory<byte> identities, ReadOnlyMemory<byte> binders)
    {
        var offered = 0;
        var reader = new MemoryReader(identities);
        while (!reader.IsEmpty)
        {
            PskIdentity.Read(ref reader);
            offered++;
        }

        var bound = 0;
        reader = new MemoryReader(binders);
        while (!reader.IsEmpty)
        {
            ReadBinder(ref reader);
            bound++;
        }

        // RFC 8446 §4.2.11, of the binders: "one for each value in the identities list and in the same order".
        return offered == bound
            ? new OfferedPsks(identities, binders, offered)
            : throw new TlsFaultException(TlsFault.IllegalParameter, $"binders: {bound} of them for {offered} identities");
    }

    /// <summary>An offer of our own, whose binders are zero until <see cref="BinderIn"/> has found room for the right ones in the written hello.</summary>
    /// <param name="identities">In order of preference; at least one.</param>
    /// <param name="binderLengths">For each identity the length of its hash.</param>
    public static OfferedPsks Of(ReadOnlySpan<PskIdentity> identities, ReadOnlySpan<int> binderLengths)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(binderLengths.Length, identities.Length);
        ArgumentOutOfRangeException.ThrowIfZero(identities.Length);
        using var buffer = new WireBuffer();
        var writer = new TlsWriter(buffer);
        foreach (var identity in identities)
        {
            identity.Write(writer);
        }

        var split = writer.Position;
        Span<byte> zero = stackalloc byte[byte.MaxValue];
        zero.Clear();
        foreach (var length in binderLengths)
        {
            writer.WriteVector8(zero[..length]);
        }

        var raw = buffer.Written.ToArray();
        return new OfferedPsks(raw.AsMemory(0, split), raw.AsMemory(split), identities.Length);
    }

    public PskIdentity Identity(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        var reader = new MemoryReader(_identities);
        while (!reader.IsEmpty && index-- > 0)
        {
            PskIdentity.Read(ref reader);
        }

        return PskIdentity.Read(ref reader);
    }

    public ReadOnlyMemory<byte> Binder(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        var reader = new MemoryReader(_binders);
        while (!reader.IsEmpty && index-- > 0)
        {
            ReadBinder(ref reader);
        }

        return ReadBinder(ref reader);
    }

    /// <summary>Where the binder stands in the written hello that holds this offer: to be filled in there.</summary>
    /// <param name="hello">The ClientHello, with or without its handshake header.</param>
    /// <param name="index">Of the identity.</param>
    public Span<byte> BinderIn(Span<byte> hello, int index)
    {
        var (start, length) = BinderAt(index);
        return hello[^_binders.Length..].Slice(start, length);
    }

    private static ReadOnlyMemory<byte> ReadBinder(ref MemoryReader reader) => reader.ReadVector8("PskBinderEntry", min: 32);

    private (int Start, int Length) BinderAt(int index)
    {
        var length = Binder(index).Length;
        var start = sizeof(byte);
        for (var i = 0; i < index; i++)
        {
            start += Binder(i).Length + sizeof(byte);
        }

        return (start, length);
    }
}
