namespace Kippu.Fleet;

/// <summary>How many bytes the text of a ring has.</summary>
internal static class RingSize
{
    /// <summary>No file of a ring, sealed or not, is longer.</summary>
    public const int Max = 128 * 1024;

    private const int Head = 2048;
    private const int BytesPerKey = 512;

    /// <summary>Enough for a ring with so many keys, indented.</summary>
    public static int Of(int keys) => Head + (BytesPerKey * keys);
}
