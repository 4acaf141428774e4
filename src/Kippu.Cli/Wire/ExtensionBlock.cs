namespace Kippu.Cli.Wire;

/// <summary>The extensions of a message, by their numbers at IANA.</summary>
internal sealed class ExtensionBlock
{
    public const uint SessionTicket = 0x0023;
    public const uint PreSharedKey = 0x0029;
    public const uint EarlyData = 0x002A;
    public const uint SupportedVersions = 0x002B;
    public const uint Cookie = 0x002C;
    public const uint KeyShare = 0x0033;

    private readonly Dictionary<uint, ReadOnlyMemory<byte>> _byType = [];

    private ExtensionBlock()
    {
    }

    /// <summary>What an extension holds; null if it is not there.</summary>
    public ReadOnlyMemory<byte>? this[uint type] => _byType.TryGetValue(type, out var data) ? data : default(ReadOnlyMemory<byte>?);

    public bool Has(uint type) => _byType.ContainsKey(type);

    /// <summary>Reads to the end of the message. Null if the bytes are no extensions; nothing at all is none.</summary>
    public static ExtensionBlock? Read(ref ByteCursor cursor)
    {
        var block = new ExtensionBlock();
        if (cursor.IsSound && cursor.IsEmpty)
        {
            return block;
        }

        var extensions = new ByteCursor(cursor.TakeVector(2));
        while (cursor.IsSound && extensions.IsSound && !extensions.IsEmpty)
        {
            var type = extensions.TakeUInt(2);
            block._byType[type] = extensions.TakeVector(2);
        }

        return cursor.IsSound && extensions.IsSound ? block : null;
    }
}
