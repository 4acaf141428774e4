namespace Kippu.Fleet;

/// <summary>How the ring in a file is read and written.</summary>
/// <remarks>To be left alone once it was given away.</remarks>
public sealed class FileRingOptions
{
    /// <summary>
    /// Files with 32 random bytes each, or base64 of them: the operator keys, without which nobody can read the ring's secrets or alter its times unseen. The first
    /// seals, each opens, so a key can be replaced: nodes first, writers then. Empty: the ring is not sealed, and its file must be readable by its owner only.
    /// </summary>
    public IList<string> OperatorKeyFiles { get; } = [];

    /// <summary>Takes a ring that is not sealed even though an operator key was given: for as long as it takes to seal one. Default false.</summary>
    public bool AcceptPlain { get; set; }

    /// <summary>How often the file is looked at, besides being watched: a mounted volume may change without a sign. 50 ms to 1 hour; default 10 seconds.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A file of this machine alone, in which the highest (epoch, version) that was seen is kept: then an older ring is refused even after a restart. Null (the
    /// default): a node that starts takes what it finds.
    /// </summary>
    public string? HighWaterFile { get; set; }

    /// <summary>
    /// Starts even if there is no ring that can be read: the node then issues no tickets and refuses all, and takes the ring when it comes. Default false:
    /// <see cref="FileRing"/> throws.
    /// </summary>
    public bool StartWithoutRing { get; set; }
}
