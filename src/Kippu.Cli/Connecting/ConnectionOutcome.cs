using Kippu.Cli.Ladders;
using Kippu.Cli.Tls;

namespace Kippu.Cli.Connecting;

/// <summary>What came of one connection.</summary>
internal sealed record ConnectionOutcome
{
    public required int Number { get; init; }

    /// <summary>The address that was connected to.</summary>
    public string Address { get; init; } = "";

    public required HandshakeTrace Trace { get; init; }

    /// <summary>How long the handshake took.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Null if the handshake failed.</summary>
    public ConnectionReport? Negotiated { get; init; }

    /// <summary>Why it failed.</summary>
    public IOException? Problem { get; init; }

    public Answer? Answer { get; init; }

    public EarlyDataOutcome EarlyData { get; init; }

    public TlsFault? Fault => (Problem as TlsException)?.Fault;

    public ConnectReport.Connection ToJson(bool withTrace)
    {
        var certificate = ClientCertificateUse.Of(Trace);
        return new ConnectReport.Connection
        {
            Number = Number,
            Address = Address,
            Pattern = Trace.Pattern.Number,
            PatternText = Trace.Pattern.ToString(),
            Negotiated = Negotiated,
            RoundTrips = Trace.RoundTrips,
            BytesFromClient = Trace.BytesFromClient,
            BytesFromServer = Trace.BytesFromServer,
            HandshakeMilliseconds = Time.TotalMilliseconds,
            Fault = Fault?.ToString(),
            Problem = Problem?.Message,
            ClientCertificateAsked = certificate.IsAsked,
            ClientCertificateSent = certificate.IsSent,
            Answer = Answer?.Text,
            Trace = withTrace ? TraceJson.Of(Trace) : null,
        };
    }
}
