namespace Kippu.Cli.Ladders;

/// <summary>Which keys of TLS 1.3 a step is protected by, as the figures of RFC 8446 tell by their brackets.</summary>
internal enum TraceKeys
{
    /// <summary>In the clear, or TLS 1.2, whose figures do not tell.</summary>
    None,

    /// <summary>(): client_early_traffic_secret.</summary>
    Early,

    /// <summary>{}: a handshake_traffic_secret.</summary>
    Handshake,

    /// <summary>[]: an application_traffic_secret.</summary>
    Application,
}
