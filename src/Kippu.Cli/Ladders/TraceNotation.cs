using Kippu.Cli.Wire;

namespace Kippu.Cli.Ladders;

/// <summary>Makes of what an engine told the steps of one figure: finds the version, and in TLS 1.3 which keys protect each step.</summary>
internal static class TraceNotation
{
    /// <summary>The steps of one handshake. Of a connection that was observed further, what comes after it is left out, but for the tickets.</summary>
    public static IReadOnlyList<TraceMessage> Of(IReadOnlyList<TraceMessage> messages)
    {
        var isTls13 = messages.Any(message =>
            message is { FromClient: false, Kind: TraceKind.Handshake, Type: HandshakeType.ServerHello } && WireHello.ParseServer(message.Bytes) is { SelectsTls13: true });
        var steps = new List<TraceMessage>();
        var finished = new HashSet<bool>();
        foreach (var message in WithEarlyDataInPlace(messages))
        {
            var isFarewell = finished.Count == 2 && message is { Kind: TraceKind.Alert, Alert: AlertDescription.CloseNotify };
            if (!isFarewell)
            {
                steps.Add(isTls13 ? message with { IsTls13 = true, Keys = KeysOf(message, finished.Contains(message.FromClient)) } : message);
            }

            if (message is { Kind: TraceKind.Handshake, Type: HandshakeType.Finished })
            {
                finished.Add(message.FromClient);
            }
        }

        return steps;
    }

    /// <summary>Early data is told of when it has been read, or accepted: by then the handshake may have gone on. It stands before its end, in one step.</summary>
    private static IReadOnlyList<TraceMessage> WithEarlyDataInPlace(IReadOnlyList<TraceMessage> messages)
    {
        var all = messages.ToList();
        var place = all.FindIndex(message => message.Kind == TraceKind.EarlyData || message is { Kind: TraceKind.Handshake, Type: HandshakeType.EndOfEarlyData });
        var early = all.Where(message => message.Kind == TraceKind.EarlyData).ToArray();
        if (early.Length == 0)
        {
            return messages;
        }

        var time = all[place].Time < early[0].Time ? all[place].Time : early[0].Time;
        var data = early[0] with { Length = early.Sum(message => message.Length), Time = time };
        return [.. all[..place], data, .. all[place..].Where(message => message.Kind != TraceKind.EarlyData)];
    }

    /// <summary>RFC 8446 §4.4 and §2: every message but the hellos is protected, and by which keys follows from where it stands.</summary>
    private static TraceKeys KeysOf(TraceMessage message, bool isAfterFinished) => message switch
    {
        { Kind: TraceKind.EarlyData } or { Kind: TraceKind.Handshake, Type: HandshakeType.EndOfEarlyData } => TraceKeys.Early,
        { Kind: TraceKind.ChangeCipherSpec } or { Kind: TraceKind.Alert, IsProtected: false } => TraceKeys.None,
        { Kind: TraceKind.Handshake, Type: HandshakeType.ClientHello or HandshakeType.ServerHello } => TraceKeys.None,
        _ => isAfterFinished ? TraceKeys.Application : TraceKeys.Handshake,
    };
}
