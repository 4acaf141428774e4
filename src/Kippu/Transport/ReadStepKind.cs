namespace Kippu.Transport;

/// <summary>What a read needs to go on.</summary>
internal enum ReadStepKind
{
    /// <summary>Nothing: it is done.</summary>
    Done,

    /// <summary>More of what the peer sends.</summary>
    NeedsInput,

    /// <summary>An answer to the open question.</summary>
    Question,
}
