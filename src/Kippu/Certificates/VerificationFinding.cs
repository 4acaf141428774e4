namespace Kippu.Certificates;

/// <summary>One thing that is wrong with a peer's certificate. The lower the rank, the graver: it decides which one is reported first.</summary>
internal readonly record struct VerificationFinding(int Rank, TlsFault Fault, string Detail)
{
    public static VerificationFinding Bad(string detail) => new(0, TlsFault.BadCertificate, detail);

    public static VerificationFinding Untrusted(string detail) => new(1, TlsFault.UnknownAuthority, detail);

    public static VerificationFinding Revoked(string detail) => new(2, TlsFault.CertificateRevoked, detail);

    public static VerificationFinding OutOfTime(string detail) => new(3, TlsFault.CertificateExpired, detail);

    public static VerificationFinding Unfit(string detail) => new(4, TlsFault.UnsupportedCertificate, detail);

    public static VerificationFinding OtherName(string detail) => new(5, TlsFault.CertificateNameMismatch, detail);

    /// <summary>Ranks last: where anything else is wrong as well, that is why the state could not be learnt.</summary>
    public static VerificationFinding RevocationUnknown(string detail) => new(6, TlsFault.CertificateRevoked, detail);
}
