using Kippu.InteropTests.Machinery;

namespace Kippu.InteropTests.Peers;

/// <summary>What a foreign client is to do: connect one or more times to the same place, resuming if it can.</summary>
internal sealed record ClientTask
{
    public required int Port { get; init; }

    /// <summary>Its files go here.</summary>
    public required TempFolder Folder { get; init; }

    public int Connections { get; init; } = 1;

    /// <summary>False: it must not send the SessionTicket extension.</summary>
    public bool Tickets { get; init; } = true;

    /// <summary>Offer TLS 1.3 too, as it would by itself.</summary>
    public bool AllVersions { get; init; }

    /// <summary>Offer <c>http/1.1</c> by ALPN.</summary>
    public bool Alpn { get; init; }

    /// <summary>Offer all six suites. SslStream does not by itself, and resumes no session once it is told to.</summary>
    public bool EverySuite { get; init; }

    /// <summary>Send the GET of every connection but the first as early data, if it can.</summary>
    public bool EarlyData { get; init; }

    public PeerCredential? ClientCertificate { get; init; }
}
