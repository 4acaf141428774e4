using Kippu.Wire;

namespace Kippu.Resumption;

/// <summary>Reads a stored text whole, up to a limit, into memory that is cleared.</summary>
internal static class StoredText
{
    private const int Step = 4096;

    public static WireBuffer ReadAll(Stream source, int limit, string what)
    {
        var buffer = new WireBuffer(Step);
        try
        {
            while (true)
            {
                var before = buffer.Length;
                var read = source.Read(buffer.Reserve(Step));
                buffer.Truncate(before + read);
                if (read == 0)
                {
                    return buffer;
                }

                if (buffer.Length > limit)
                {
                    throw new StoredFormatException(what, $"longer than {limit} bytes");
                }
            }
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }
}
