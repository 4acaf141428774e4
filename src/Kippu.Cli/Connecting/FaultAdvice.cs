namespace Kippu.Cli.Connecting;

/// <summary>What to try when a handshake of <c>kippu connect</c> has failed, in the words of its command line.</summary>
internal static class FaultAdvice
{
    private const string UsualCauses = "the usual causes: no cipher suite, group or signature in common (--ciphers, --groups), a name that the server does not serve (--sni), no client certificate (--cert)";

    /// <summary>What went wrong, and what to try, in parentheses.</summary>
    public static string Explain(ConnectOptions options, ConnectionOutcome outcome)
    {
        // What the library says of its options is said by other names here.
        var problem = outcome.Problem!.Message.Replace("(CustomTrustRoots, or the system's store)", "(--ca FILE, or the system's store)", StringComparison.Ordinal);
        return Advice(options, outcome) is { } advice ? $"{problem} ({advice})" : problem;
    }

    private static string? Advice(ConnectOptions options, ConnectionOutcome outcome) => outcome.Fault switch
    {
        TlsFault.UnknownAuthority => "--ca FILE trusts an authority, --insecure skips verification",
        TlsFault.CertificateNameMismatch => "--sni NAME asks for another name and verifies it",
        TlsFault.UnsupportedVersion => VersionAdvice(options),
        TlsFault.PeerAlert => OfAlert(options, outcome),
        _ => null,
    };

    private static string? OfAlert(ConnectOptions options, ConnectionOutcome outcome) => (outcome.Problem as TlsException)?.Alert switch
    {
        AlertDescription.ProtocolVersion => VersionAdvice(options),
        AlertDescription.NoApplicationProtocol => $"--alpn offered {string.Join(", ", options.Protocols)}; the server speaks none of them",
        AlertDescription.UnrecognizedName => "the server does not serve that name: --sni NAME asks for another one",
        AlertDescription.CertificateRequired or AlertDescription.BadCertificate or AlertDescription.UnsupportedCertificate or AlertDescription.UnknownCA
            or AlertDescription.CertificateUnknown or AlertDescription.AccessDenied => CertificateAdvice(options, outcome),
        AlertDescription.HandshakeFailure => CertificateAdvice(options, outcome) ?? UsualCauses,
        _ => null,
    };

    /// <summary>Null if the server asked for none, or was given one.</summary>
    private static string? CertificateAdvice(ConnectOptions options, ConnectionOutcome outcome)
    {
        var use = ClientCertificateUse.Of(outcome.Trace);
        return !use.IsAsked ? null
            : options.CertificateFile is { } file ? use.WhyNotSent(file) ?? $"it is about --cert {file}, which was sent"
            : $"the server asks for a client certificate{(use.Authorities.Count > 0 ? $" of {string.Join("; ", use.Authorities)}" : "")}: give one by --cert FILE";
    }

    private static string VersionAdvice(ConnectOptions options) => options.Versions == System.Security.Authentication.SslProtocols.None
        ? "Kippu speaks TLS 1.2 and TLS 1.3"
        : "leave --tls out: it allows one version only";
}
