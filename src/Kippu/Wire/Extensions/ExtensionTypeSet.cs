namespace Kippu.Wire.Extensions;

/// <summary>
/// The extension types that a message has shown so far. A bit each for the low numbers, a short list for the few others that real hellos hold, and a
/// bit map of the whole space only for a hello that means harm: the cost stays linear in what was sent.
/// </summary>
/// <param name="scratch">Room for the short list, on the caller's stack.</param>
internal ref struct ExtensionTypeSet(Span<ushort> scratch)
{
    /// <summary>How long a short list is worth searching.</summary>
    public const int ScratchLength = 12;

    private readonly Span<ushort> _others = scratch;
    private ulong _low;
    private int _count;
    private ulong[]? _all;

    /// <summary>False if the type was there already.</summary>
    public bool TryAdd(ushort type)
    {
        if (type < 64)
        {
            return TrySetBit(ref _low, type);
        }

        if (_all is null)
        {
            var others = _others[.._count];
            if (others.Contains(type))
            {
                return false;
            }

            if (_count < _others.Length)
            {
                _others[_count++] = type;
                return true;
            }

            _all = new ulong[(ushort.MaxValue + 1) / 64];
            foreach (var other in others)
            {
                TrySetBit(ref _all[other >> 6], other & 63);
            }
        }

        return TrySetBit(ref _all[type >> 6], type & 63);
    }

    private static bool TrySetBit(ref ulong word, int bit)
    {
        var before = word;
        word |= 1UL << bit;
        return word != before;
    }
}
