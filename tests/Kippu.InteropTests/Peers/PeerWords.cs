namespace Kippu.InteropTests.Peers;

/// <summary>What a peer says about one connection, in its own words.</summary>
internal sealed record PeerWords
{
    /// <summary>The peer's verdict. Null if it has no word for resumption: then the capture alone judges.</summary>
    public required bool? Resumed { get; init; }

    /// <summary>The words of that verdict; without one, words that show that the connection stands.</summary>
    public required string Session { get; init; }

    /// <summary>What it says on receiving or sending a NewSessionTicket; null if it says nothing.</summary>
    public string? Ticket { get; init; }

    /// <summary>The suite by the name that it uses.</summary>
    public string? Suite { get; init; }

    /// <summary>What it says about the group of the key exchange; null if it says nothing.</summary>
    public string? Group { get; init; }

    /// <summary>What it says about the application protocol; null if it says nothing.</summary>
    public string? Alpn { get; init; }

    /// <summary>What it says about the signature of the server; null if it says nothing.</summary>
    public string? Signature { get; init; }

    /// <summary>What it says about the certificate of a client that it asked for one.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>What it says about early data; null if it says nothing.</summary>
    public string? EarlyData { get; init; }

    /// <summary>Everything for the cell of a table.</summary>
    public string All => $"`{Session}`" + (Ticket is null ? "" : $" `{Ticket}`") + (Resumed is null ? " (it has no word for resumption: the capture judges)" : "");
}
