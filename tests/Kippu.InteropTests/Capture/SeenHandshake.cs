namespace Kippu.InteropTests.Capture;

/// <summary>One TLS 1.2 handshake as tshark saw it, and the pattern of RFC 5077 that it follows, told from nothing but these bytes.</summary>
internal sealed class SeenHandshake
{
    private const int ClientHello = 1, ServerHello = 2, Certificate = 11, ServerKeyExchange = 12, CertificateRequest = 13;
    private const int EmptyCertificateLength = 3;

    private readonly List<(bool FromClient, List<string> Names)> _flights = [];
    private string _clientSessionId = "";
    private string _serverSessionId = "";
    private bool _sawServerHello;

    /// <summary>Length of the ticket that was offered; 0 for the empty extension; null without the extension.</summary>
    public int? OfferedTicketLength { get; private set; }

    /// <summary>The extensions of the ServerHello.</summary>
    public IReadOnlyDictionary<int, int> ServerExtensions { get; private set; } = new Dictionary<int, int>();

    /// <summary>The extensions of the ClientHello.</summary>
    public IReadOnlyDictionary<int, int> ClientExtensions { get; private set; } = new Dictionary<int, int>();

    public SeenTicket? NewSessionTicket { get; private set; }

    public ushort? CipherSuite { get; private set; }

    public ushort? NamedCurve { get; private set; }

    /// <summary>Of the ServerKeyExchange.</summary>
    public ushort? SignatureScheme { get; private set; }

    public bool ServerSentCertificate { get; private set; }

    public bool CertificateRequested { get; private set; }

    /// <summary>The client sent a Certificate that is not empty.</summary>
    public bool ClientSentCertificate { get; private set; }

    public bool ExtendedMasterSecret => ServerExtensions.ContainsKey(ExtensionNumbers.ExtendedMasterSecret);

    /// <summary>Both flights' messages in tshark's words: <c>→ Client Hello ← Server Hello, ...</c></summary>
    public string Messages => string.Join(' ', _flights.Select(flight => (flight.FromClient ? "→ " : "← ") + string.Join(", ", flight.Names.Select(WithZeroLength))));

    /// <summary>What the client says after the server's first flight.</summary>
    public string ClientsAnswer => string.Join(", ", _flights.Where(flight => flight.FromClient).ElementAtOrDefault(1).Names ?? []);

    /// <summary>The pattern, by its number in the table of docs/interop.md; or in words, where the table has none.</summary>
    public string Pattern => (_sawServerHello, IsResumed, Offer) switch
    {
        (false, _, _) => "no ServerHello",
        (_, _, _) when NewSessionTicket is { Length: 0 } => "zero",
        (_, true, Offered.Ticket) => NewSessionTicket is null ? "2b" : "2",
        (_, true, Offered.EmptyExtension) => "5b",
        (_, true, _) => "5",
        (_, false, Offered.Ticket) => NewSessionTicket is null ? "3" : "4",
        (_, false, Offered.EmptyExtension) => NewSessionTicket is null ? "full, no ticket" : "1",
        (_, false, _) => "full, no ticket extension",
    };

    private enum Offered
    {
        NoExtension,
        EmptyExtension,
        Ticket,
    }

    /// <summary>RFC 5077 §3.4: the server echoes the session ID to say that it resumes; and then it sends no Certificate.</summary>
    public bool IsResumed => _sawServerHello && _clientSessionId.Length > 0 && _clientSessionId == _serverSessionId && !ServerSentCertificate;

    private Offered Offer => OfferedTicketLength switch
    {
        null => Offered.NoExtension,
        0 => Offered.EmptyExtension,
        _ => Offered.Ticket,
    };

    public void Add(FrameFields frame)
    {
        AddNames(frame);
        if (frame.FromClient)
        {
            AddFromClient(frame);
        }
        else
        {
            AddFromServer(frame);
        }
    }

    private string WithZeroLength(string name) => name == "New Session Ticket" && NewSessionTicket is { Length: 0 } ? $"{name} (Session Ticket Length: 0)" : name;

    private void AddNames(FrameFields frame)
    {
        if (_flights.Count == 0 || _flights[^1].FromClient != frame.FromClient)
        {
            _flights.Add((frame.FromClient, []));
        }

        _flights[^1].Names.AddRange(frame.Names);
    }

    private void AddFromClient(FrameFields frame)
    {
        if (frame.Types.Contains(ClientHello))
        {
            _clientSessionId = frame.SessionId;
            ClientExtensions = frame.Extensions;
            OfferedTicketLength = frame.Extensions.TryGetValue(ExtensionNumbers.SessionTicket, out var length) ? length : null;
        }

        ClientSentCertificate |= frame.Types.Zip(frame.Lengths).Any(message => message is { First: Certificate, Second: > EmptyCertificateLength });
    }

    private void AddFromServer(FrameFields frame)
    {
        if (frame.Types.Contains(ServerHello))
        {
            _sawServerHello = true;
            _serverSessionId = frame.SessionId;
            ServerExtensions = frame.Extensions;
            CipherSuite = frame.CipherSuite;
        }

        ServerSentCertificate |= frame.Types.Contains(Certificate);
        CertificateRequested |= frame.Types.Contains(CertificateRequest);
        NamedCurve ??= frame.NamedCurve;
        if (frame.Types.Contains(ServerKeyExchange))
        {
            SignatureScheme ??= frame.SignatureScheme;
        }

        NewSessionTicket ??= frame.Ticket;
    }
}
