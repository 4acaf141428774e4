namespace Kippu.Cli.Fleet;

/// <summary>What a node says of a connection.</summary>
/// <param name="Node">Its letter.</param>
/// <param name="IsKippu">Whether Kippu served it, and not Kestrel's own TLS.</param>
/// <param name="Resumed">Whether it resumed.</param>
/// <param name="Refusal">Why what was offered was not resumed.</param>
/// <param name="Ring">The version of the ring that it has.</param>
internal sealed record NodeAnswer(char Node, bool IsKippu, bool Resumed, TicketRefusal Refusal, long Ring)
{
    /// <exception cref="IOException">It is none: the answer did not come to its end.</exception>
    public static NodeAnswer Parse(string response)
    {
        var body = response[(response.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 1)..];
        var fields = body.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(field => field.Split('=')).Where(field => field.Length == 2).ToDictionary(field => field[0], field => field[1]);
        return response.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal)
            && fields.TryGetValue("node", out var node) && node.Length == 1
            && fields.TryGetValue("engine", out var engine)
            && fields.TryGetValue("resumption", out var resumption)
            && Enum.TryParse<TicketRefusal>(fields.GetValueOrDefault("refusal"), out var refusal)
            && long.TryParse(fields.GetValueOrDefault("ring"), out var ring)
            ? new NodeAnswer(node[0], engine == "Kippu", resumption is nameof(ResumptionKind.Ticket) or nameof(ResumptionKind.Psk), refusal, ring)
            : throw new IOException(response.Length == 0 ? "the connection ended without an answer" : "the answer did not come to its end");
    }
}
