namespace Kippu.Fleet;

/// <summary>The steps by which a file is replaced.</summary>
internal enum WriteStep
{
    Create,
    Write,
    WriteRest,
    Flush,
    Rename,
    Done,
}
