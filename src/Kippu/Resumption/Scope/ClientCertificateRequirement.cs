namespace Kippu;

/// <summary>Whether a server asks its clients for a certificate (RFC 5246 §7.4.4). It is part of the scope of sessions.</summary>
public enum ClientCertificateRequirement
{
    /// <summary>No certificate is asked for: the default.</summary>
    None = 0,

    /// <summary>A certificate is asked for. A client without one is accepted; one whose certificate does not verify is refused.</summary>
    Optional = 1,

    /// <summary>A certificate is asked for, and a client without one is refused.</summary>
    Required = 2,
}
