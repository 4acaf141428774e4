using Kippu.Cli.Output;
using Kippu.Cli.Wire;

namespace Kippu.Cli.Ladders;

/// <summary>What of a TLS 1.3 handshake is encrypted, and matters for its pattern: an engine has told of it.</summary>
internal sealed class HiddenFacts
{
    public HiddenFacts(IReadOnlyList<TraceMessage> messages)
    {
        EarlyDataOffered = Of(messages, HandshakeType.ClientHello).Any(message => WireHello.ParseClient(message.Bytes) is { HasEarlyData: true });
        var extensions = Of(messages, HandshakeType.EncryptedExtensions).FirstOrDefault();
        EarlyDataAccepted = extensions is null ? null : HasEarlyData(extensions.Bytes);
        IsFinishedByClient = extensions is null ? null : Of(messages, HandshakeType.Finished).Any(message => message.FromClient);
        HasCertificate = Of(messages, HandshakeType.Certificate).Any(message => !message.FromClient);
        Tickets = extensions is null ? [] : [.. Of(messages, HandshakeType.NewSessionTicket).Select(message => WireTicket13.Parse(message.Bytes)).OfType<WireTicket13>()];
    }

    /// <summary>A ClientHello had early_data.</summary>
    public bool EarlyDataOffered { get; }

    /// <summary>EncryptedExtensions had early_data; null if there was no such message.</summary>
    public bool? EarlyDataAccepted { get; }

    /// <summary>The client sent its Finished; null if it was not its turn.</summary>
    public bool? IsFinishedByClient { get; }

    /// <summary>The server sent its certificate.</summary>
    public bool HasCertificate { get; }

    /// <summary>The tickets that followed the handshake.</summary>
    public IReadOnlyList<WireTicket13> Tickets { get; }

    /// <summary>How long the last of them may be used; null if there is none.</summary>
    public TimeSpan? TicketLifetime => Tickets.Count == 0 ? null : TimeSpan.FromSeconds(Tickets[^1].Lifetime);

    public override string ToString()
    {
        List<string> parts = [HasCertificate ? "the server's certificate" : "no certificate"];
        if (EarlyDataOffered && EarlyDataAccepted is { } accepted)
        {
            parts.Add(accepted ? "early_data in EncryptedExtensions: accepted" : "no early_data in EncryptedExtensions: refused");
        }

        parts.Add(IsFinishedByClient == false ? "no Finished from the client" : $"{Quantities.Count(Tickets.Count, "ticket", "tickets")} after the handshake");
        return string.Join("; ", parts);
    }

    private static IEnumerable<TraceMessage> Of(IReadOnlyList<TraceMessage> messages, HandshakeType type) =>
        messages.Where(message => message.Kind == TraceKind.Handshake && message.Type == type);

    private static bool HasEarlyData(ReadOnlyMemory<byte> encryptedExtensions)
    {
        var cursor = new ByteCursor(encryptedExtensions);
        cursor.Take(4); // msg_type, length
        return ExtensionBlock.Read(ref cursor)?.Has(ExtensionBlock.EarlyData) ?? false;
    }
}
