namespace Kippu.Cli.Wire;

/// <summary>
/// Tells which pattern a TLS 1.2 handshake followed from nothing but the bytes on the wire: the SessionTicket extension and the session ID of both hellos, and
/// where NewSessionTicket stands. It does not ask the engine, so it can find it wrong.
/// </summary>
internal static class PatternInference
{
    private static readonly HandshakeType[] s_fullOnly = [HandshakeType.Certificate, HandshakeType.ServerKeyExchange, HandshakeType.ServerHelloDone];

    /// <summary>Of either version: a handshake of TLS 1.3 goes to <see cref="PatternInference13"/>.</summary>
    public static InferredPattern Infer(IReadOnlyList<WireItem> items)
    {
        if (PatternInference13.IsOfTls13(items))
        {
            return PatternInference13.Infer(items);
        }

        var facts = Facts.Gather(items);
        if (facts.Unreadable is { } unreadable)
        {
            return new InferredPattern(HandshakePattern.Irregular, unreadable);
        }

        if (!facts.IsComplete)
        {
            return new InferredPattern(HandshakePattern.Incomplete, WhereItStopped(items));
        }

        return FindBreach(facts) is { } breach ? new InferredPattern(HandshakePattern.Irregular, breach)
            : facts.IsFull ? Full(facts)
            : Abbreviated(facts);
    }

    /// <summary>How a handshake ended that is not complete.</summary>
    public static string WhereItStopped(IReadOnlyList<WireItem> items)
    {
        if (items.Count == 0)
        {
            return "nothing was sent";
        }

        var last = items[^1];
        var what = last is { Kind: WireKind.Alert, Bytes.Length: 2 } ? $"the alert {(AlertDescription)last.Bytes.Span[1]}" : last.Name;
        return $"it ended with {what} from the {(last.FromClient ? "client" : "server")}";
    }

    private static InferredPattern Full(Facts facts)
    {
        if (facts.NewTicket is { Ticket.IsEmpty: true })
        {
            return new InferredPattern(HandshakePattern.ZeroLengthTicket);
        }

        return new InferredPattern(facts.Offered switch
        {
            null => HandshakePattern.FullWithoutTickets,
            0 => facts.NewTicket is null ? HandshakePattern.FullNoTicketIssued : HandshakePattern.FullTicketIssued,
            _ => facts.NewTicket is null ? HandshakePattern.FullTicketRefused : HandshakePattern.FullTicketReplaced,
        });
    }

    private static InferredPattern Abbreviated(Facts facts) => facts.Offered switch
    {
        null => new InferredPattern(HandshakePattern.AbbreviatedSessionId),
        0 => new InferredPattern(HandshakePattern.AbbreviatedSessionIdAsking, facts.NewTicket is { Ticket.IsEmpty: false } ? "one was issued" : "none was issued"),
        _ when facts.NewTicket is { Ticket.IsEmpty: false } => new InferredPattern(HandshakePattern.AbbreviatedTicketRenewed),
        _ => new InferredPattern(HandshakePattern.AbbreviatedTicketKept, facts.NewTicket is null ? "" : "a renewal was promised and taken back"),
    };

    /// <summary>What no reading of the RFCs allows; null if all is in order.</summary>
    private static string? FindBreach(Facts facts)
    {
        if (facts.Promised && facts.Offered is null)
        {
            return "the server sends a SessionTicket extension that the client did not";
        }

        // RFC 5077 §3.3: "This message MUST be sent if the server included a SessionTicket extension in the ServerHello. This message MUST NOT be sent
        // if the server did not include a SessionTicket extension in the ServerHello."
        if (facts.Promised != facts.NewTicket is not null)
        {
            return facts.Promised ? "the server promised a NewSessionTicket and sent none" : "the server sent a NewSessionTicket that it had not promised";
        }

        // RFC 5077 §3.4 and RFC 5246 §7.4.1.3: a server that resumes answers with the session ID of the ClientHello.
        return !facts.IsFull && !facts.SameSessionId ? "an abbreviated handshake under another session ID" : null;
    }

    /// <summary>Everything that the pattern depends on.</summary>
    private sealed class Facts
    {
        private int _finishedSides;

        /// <summary>Length of the ticket in the ClientHello; null without the extension.</summary>
        public int? Offered { get; private set; }

        /// <summary>The ServerHello has the SessionTicket extension.</summary>
        public bool Promised { get; private set; }

        /// <summary>Both hellos have one session ID, and it is not empty.</summary>
        public bool SameSessionId { get; private set; }

        public bool IsFull { get; private set; }

        public WireTicket? NewTicket { get; private set; }

        public string? Unreadable { get; private set; }

        public bool IsComplete => _finishedSides == 0b11;

        public static Facts Gather(IReadOnlyList<WireItem> items)
        {
            var facts = new Facts();
            WireHello? client = null;
            foreach (var item in items)
            {
                if (item.Kind == WireKind.ProtectedHandshake)
                {
                    facts._finishedSides |= item.FromClient ? 0b01 : 0b10;
                }
                else if (item is { Kind: WireKind.Handshake, Type: HandshakeType.ClientHello, FromClient: true })
                {
                    client = facts.TakeClientHello(item);
                }
                else if (item is { Kind: WireKind.Handshake, FromClient: false })
                {
                    facts.TakeFromServer(item, client);
                }
            }

            return facts;
        }

        private WireHello? TakeClientHello(WireItem item)
        {
            var hello = WireHello.ParseClient(item.Bytes);
            Unreadable ??= hello is null ? "the ClientHello cannot be read" : null;
            Offered = hello?.SessionTicket?.Length;
            return hello;
        }

        private void TakeFromServer(WireItem item, WireHello? client)
        {
            if (item.Type == HandshakeType.ServerHello)
            {
                var hello = WireHello.ParseServer(item.Bytes);
                Unreadable ??= hello is null ? "the ServerHello cannot be read" : null;
                Promised = hello?.SessionTicket is not null;
                SameSessionId = hello is { SessionId.IsEmpty: false } && client is not null && hello.SessionId.Span.SequenceEqual(client.SessionId.Span);
            }
            else if (item.Type == HandshakeType.NewSessionTicket)
            {
                NewTicket = WireTicket.Parse(item.Bytes);
                Unreadable ??= NewTicket is null ? "the NewSessionTicket cannot be read" : null;
            }
            else
            {
                IsFull |= s_fullOnly.Contains(item.Type);
            }
        }
    }
}
