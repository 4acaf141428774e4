using Kippu.Cli.Output;

namespace Kippu.Cli.Wire;

/// <summary>
/// Tells which pattern a TLS 1.3 handshake followed from what stands in the clear: the hellos, and how many records there are before and after them. All else is
/// encrypted (RFC 8446 §2), so the pattern says what it rests on, and leaves open what it must.
/// </summary>
internal static class PatternInference13
{
    /// <summary>An encrypted alert: five bytes of header, two of content, one for its type, sixteen of the tag. No message of a handshake is that short, and Kippu pads nothing.</summary>
    private const int AlertRecordLength = 24;

    public static bool IsOfTls13(IReadOnlyList<WireItem> items) =>
        items.Any(item => item is { FromClient: false, Kind: WireKind.Handshake, Type: HandshakeType.ServerHello } && WireHello.ParseServer(item.Bytes) is { SelectsTls13: true });

    public static InferredPattern Infer(IReadOnlyList<WireItem> items)
    {
        var facts = Facts.Gather(items);
        if (FindBreach(facts) is { } breach)
        {
            return new InferredPattern(HandshakePattern.Irregular, breach);
        }

        if (facts.ServerHello is null)
        {
            return new InferredPattern(HandshakePattern.Incomplete, PatternInference.WhereItStopped(items));
        }

        if (!facts.IsAnsweredByClient)
        {
            return facts.EarlyRecords > 0 ? LoneFlight(facts) : new InferredPattern(HandshakePattern.Incomplete, facts.HasAlert ? "the client answered with an alert, by its length" : PatternInference.WhereItStopped(items));
        }

        return new InferredPattern(PatternOf(facts), Remark(facts)) { Evidence = Evidence(facts) };
    }

    /// <summary>What the keys add: whether early data was accepted, which stands in EncryptedExtensions (RFC 8446 §4.2.10).</summary>
    /// <param name="pattern">Inferred from the wire.</param>
    /// <param name="accepted">Early data was accepted, or refused; null if nobody can tell.</param>
    /// <param name="isFinished">The client has sent its Finished; null if nobody can tell.</param>
    public static InferredPattern Decide(InferredPattern pattern, bool? accepted, bool? isFinished)
    {
        var isFlight = pattern.Pattern == HandshakePattern.FirstFlight || (pattern.Pattern == HandshakePattern.EarlyData && isFinished == false);
        return pattern with
        {
            Pattern = (pattern.Pattern, accepted) switch
            {
                (HandshakePattern.EarlyData or HandshakePattern.FirstFlight, true) => isFlight ? HandshakePattern.FirstFlightAccepted : HandshakePattern.EarlyDataAccepted,
                (HandshakePattern.EarlyData or HandshakePattern.FirstFlight, false) => isFlight ? HandshakePattern.FirstFlightRefused : HandshakePattern.EarlyDataRefused,
                _ => pattern.Pattern,
            },
        };
    }

    private static InferredPattern LoneFlight(Facts facts)
    {
        // RFC 8446 §4.2.10: early data goes with the first pre-shared key. If the server takes none, it cannot have taken the data.
        var pattern = facts.TakesPsk ? HandshakePattern.FirstFlight : HandshakePattern.FirstFlightRefused;
        return new InferredPattern(pattern) { Evidence = Evidence(facts) };
    }

    private static HandshakePattern PatternOf(Facts facts) => facts switch
    {
        { IsRetried: true, TakesPsk: true } => HandshakePattern.RetriedPsk,
        { IsRetried: true, OffersPsk: true } => HandshakePattern.RetriedPskRefused,
        { IsRetried: true } => HandshakePattern.RetriedFull,
        { TakesPsk: true, OffersEarlyData: true } => HandshakePattern.EarlyData,
        { TakesPsk: true } => HandshakePattern.Psk,
        { OffersPsk: true } => HandshakePattern.PskRefused,
        _ => HandshakePattern.Full13,
    };

    private static string Remark(Facts facts) => facts switch
    {
        { OffersEarlyData: true, IsRetried: true } => "the early data is lost by the HelloRetryRequest",
        { OffersEarlyData: true, TakesPsk: false } => "the early data is lost with the PSK",
        { TakesPsk: true, ServerHello.Group: null } => "psk_ke: without a key exchange",
        _ => "",
    };

    private static string Evidence(Facts facts)
    {
        List<string> parts =
        [
            .. facts.IsRetried ? ["the random of a HelloRetryRequest"] : Array.Empty<string>(),
            facts switch
            {
                { TakesPsk: true } => "pre_shared_key in both hellos",
                { OffersPsk: true } => "pre_shared_key in the ClientHello only",
                _ => "no pre_shared_key",
            },
        ];
        if (facts.OffersEarlyData)
        {
            parts.Add("early_data in the ClientHello" + (facts.EarlyRecords > 0 ? $", {Quantities.Count(facts.EarlyRecords, "record", "records")} of it" : ""));
        }

        return string.Join("; ", parts);
    }

    /// <summary>What no reading of RFC 8446 allows; null if all is in order.</summary>
    private static string? FindBreach(Facts facts)
    {
        if (facts.Unreadable is not null)
        {
            return facts.Unreadable;
        }

        // RFC 8446 §4.1.4: "If a client receives a second HelloRetryRequest in the same connection ... it MUST abort the handshake".
        if (facts.Retries > 1)
        {
            return "the server asks for another ClientHello twice";
        }

        // RFC 8446 §4.1.2: after a HelloRetryRequest the client is "Removing the "early_data" extension ... if one was present".
        if (facts.IsRetried && facts.LastHello is { HasEarlyData: true })
        {
            return "the second ClientHello has early_data again";
        }

        if (facts.EarlyRecords > 0 && !facts.OffersEarlyData)
        {
            return "the client sends early data that its ClientHello does not announce";
        }

        // RFC 8446 §4.2.11: "Clients MUST verify that the server's selected_identity is within the range supplied by the client".
        return facts.ServerHello?.SelectedIdentity is { } selected && selected >= (facts.LastHello?.PreSharedKeys.Count ?? 0)
            ? "the server takes a PSK that the client did not offer"
            : null;
    }

    /// <summary>Everything that the pattern depends on.</summary>
    private sealed class Facts
    {
        /// <summary>The hello that the ServerHello answers.</summary>
        public WireHello? LastHello { get; private set; }

        public WireHello? ServerHello { get; private set; }

        public int Retries { get; private set; }

        public bool OffersEarlyData { get; private set; }

        public int EarlyRecords { get; private set; }

        /// <summary>The client has sent something under encryption that is no alert, after the ServerHello.</summary>
        public bool IsAnsweredByClient { get; private set; }

        /// <summary>It has sent something of the length of an alert.</summary>
        public bool HasAlert { get; private set; }

        public string? Unreadable { get; private set; }

        public bool IsRetried => Retries > 0;

        public bool OffersPsk => LastHello is { HasPreSharedKey: true };

        public bool TakesPsk => ServerHello is { HasPreSharedKey: true };

        public static Facts Gather(IReadOnlyList<WireItem> items)
        {
            var facts = new Facts();
            foreach (var item in items)
            {
                facts.Take(item);
            }

            return facts;
        }

        private void Take(WireItem item)
        {
            switch (item)
            {
                case { Kind: WireKind.EarlyData }:
                    EarlyRecords++;
                    break;
                case { Kind: WireKind.Encrypted, FromClient: true }:
                    IsAnsweredByClient |= item.RecordLength != AlertRecordLength;
                    HasAlert |= item.RecordLength == AlertRecordLength;
                    break;
                case { Kind: WireKind.Handshake, Type: HandshakeType.ClientHello, FromClient: true }:
                    LastHello = WireHello.ParseClient(item.Bytes);
                    Unreadable ??= LastHello is null ? "the ClientHello cannot be read" : null;
                    OffersEarlyData |= LastHello is { HasEarlyData: true };
                    break;
                case { Kind: WireKind.Handshake, Type: HandshakeType.ServerHello, FromClient: false }:
                    TakeServerHello(WireHello.ParseServer(item.Bytes));
                    break;
            }
        }

        private void TakeServerHello(WireHello? hello)
        {
            Unreadable ??= hello is null ? "the ServerHello cannot be read" : null;
            if (hello is { IsHelloRetryRequest: true })
            {
                Retries++;
            }
            else
            {
                ServerHello = hello;
            }
        }
    }
}
