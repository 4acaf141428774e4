namespace Kippu.Transport;

/// <summary>What a read of the transport's pipe has brought.</summary>
internal enum PipeFill
{
    /// <summary>Something to go on with.</summary>
    Input,

    /// <summary>The transport has ended.</summary>
    Ended,

    /// <summary>Somebody cancelled the read: <see cref="System.IO.Pipelines.PipeReader.CancelPendingRead"/>.</summary>
    Canceled,
}
