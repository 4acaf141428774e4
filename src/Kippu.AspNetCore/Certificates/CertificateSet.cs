using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Kippu.AspNetCore.Certificates;

/// <summary>The certificates of all files as they were at one time. It lives as long as a connection may use it, which only the collector knows.</summary>
internal sealed class CertificateSet
{
    private CertificateSet(IReadOnlyList<TlsCredential> credentials, IReadOnlyList<SslStreamCertificateContext> contexts)
    {
        Credentials = credentials;
        Contexts = contexts;
    }

    /// <summary>For Kippu.</summary>
    public IReadOnlyList<TlsCredential> Credentials { get; }

    /// <summary>The same for SslStream, which serves what <see cref="KippuMode"/> leaves out.</summary>
    public IReadOnlyList<SslStreamCertificateContext> Contexts { get; }

    /// <exception cref="Exception">A file cannot be read, or a certificate and its key do not fit together.</exception>
    public static CertificateSet Load(IReadOnlyList<FileContent> files) => new([.. files.Select(file => file.ToCredential())], [.. files.Select(file => file.ToContext())]);

    /// <summary>For a client that asks for this name; the first if none is for it.</summary>
    public SslStreamCertificateContext ContextFor(string? serverName) =>
        Contexts.FirstOrDefault(context => serverName is { Length: > 0 } && context.TargetCertificate.MatchesHostname(serverName)) ?? Contexts[0];
}
