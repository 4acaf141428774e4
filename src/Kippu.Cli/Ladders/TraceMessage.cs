namespace Kippu.Cli.Ladders;

/// <summary>One step of a handshake as an engine told it: what an <see cref="IHandshakeObserver"/> was shown, kept.</summary>
internal sealed record TraceMessage
{
    public required bool FromClient { get; init; }

    public required HandshakeEventKind Kind { get; init; }

    public HandshakeType Type { get; init; }

    /// <summary>As in <see cref="HandshakeEvent.Message"/>.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    public AlertDescription Alert { get; init; }

    public bool IsFatal { get; init; }

    public bool IsProtected { get; init; }

    /// <summary>Since the first message of the connection.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>The fields by their names in the RFCs.</summary>
    public IReadOnlyList<(string Name, string Value)> Fields { get; init; } = [];

    /// <summary>As the figures of RFC 5077 write it.</summary>
    public string Name => Kind switch
    {
        HandshakeEventKind.ChangeCipherSpec => "[ChangeCipherSpec]",
        HandshakeEventKind.Alert => $"Alert: {(IsFatal ? "fatal " : "")}{Alert}",
        _ => Type.ToString(),
    };
}
