using System.Runtime.InteropServices;
using Kippu.Alerts;

namespace Kippu.Wire.Extensions;

/// <summary>
/// Walks the extensions of a message in order of arrival (RFC 5246 §7.4.1.4, RFC 8446 §4.2).
/// <code>
/// struct {
///     ExtensionType extension_type;
///     opaque extension_data&lt;0..2^16-1&gt;;
/// } Extension;
/// </code>
/// </summary>
/// <param name="block">The content of the vector of extensions, without its length.</param>
/// <param name="scratch"><see cref="ExtensionTypeSet.ScratchLength"/> values on the caller's stack.</param>
internal ref struct ExtensionReader(ReadOnlyMemory<byte> block, Span<ushort> scratch)
{
    private MemoryReader _reader = new(block);
    private ExtensionTypeSet _seen = new(scratch);

    /// <summary>The next extension; false at the end of the block.</summary>
    public bool TryNext(out ExtensionType type, out ReadOnlyMemory<byte> data)
    {
        if (_reader.IsEmpty)
        {
            type = default;
            data = default;
            return false;
        }

        var number = _reader.ReadUInt16("extension_type");
        data = _reader.ReadVector16("extension_data");
        type = (ExtensionType)number;

        // RFC 5246 §7.4.1.4: "There MUST NOT be more than one extension of the same type."
        if (!_seen.TryAdd(number))
        {
            throw new TlsFaultException(TlsFault.DuplicateExtension, $"extension {number} came twice");
        }

        return true;
    }

    /// <summary>Whether an extension of this type is in <paramref name="block"/>.</summary>
    public static bool Contains(ReadOnlyMemory<byte> block, ExtensionType wanted)
    {
        var reader = new ExtensionReader(block, stackalloc ushort[ExtensionTypeSet.ScratchLength]);
        while (reader.TryNext(out var type, out _))
        {
            if (type == wanted)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// RFC 8446 §4.2: "Implementations MUST NOT send extension responses if the remote endpoint did not send the corresponding extension requests". "Upon
    /// receiving such an extension, an endpoint MUST abort the handshake with an "unsupported_extension" alert."
    /// </summary>
    /// <param name="block">Of the message that answers.</param>
    /// <param name="offered">The types in the message that asked.</param>
    /// <exception cref="TlsFaultException">Something was answered that was not asked.</exception>
    public static void InsistOnOffered(ReadOnlyMemory<byte> block, UInt16List offered)
    {
        var reader = new ExtensionReader(block, stackalloc ushort[ExtensionTypeSet.ScratchLength]);
        while (reader.TryNext(out var type, out _))
        {
            if (!offered.Contains((ushort)type))
            {
                var name = IanaNames.Extension((ushort)type);
                throw new TlsFaultException(TlsFault.UnsolicitedExtension, $"extension {name} ({(ushort)type}): it was not asked for");
            }
        }
    }

    /// <summary>The types in <paramref name="block"/>, in order of arrival.</summary>
    public static UInt16List TypesIn(ReadOnlyMemory<byte> block)
    {
        var types = new List<ushort>();
        var reader = new ExtensionReader(block, stackalloc ushort[ExtensionTypeSet.ScratchLength]);
        while (reader.TryNext(out var type, out _))
        {
            types.Add((ushort)type);
        }

        return UInt16List.Of(CollectionsMarshal.AsSpan(types));
    }
}
