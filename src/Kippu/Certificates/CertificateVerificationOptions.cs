using System.Security.Cryptography.X509Certificates;

namespace Kippu;

/// <summary>
/// How the peer's certificate is verified. The defaults are the strict ones: the system's roots, no download, the name by subject alternative names only.
/// </summary>
/// <remarks>
/// A <c>TlsServer</c> or <c>TlsClient</c> reads the values once, when it is made; later changes have no effect on it. Certificates in the collections must
/// not be disposed while it is in use. Always checked, whatever stands here: validity in time, signatures no weaker than SHA-256, the extended key usage
/// (serverAuth or clientAuth), the key usage (digitalSignature), the kind and size of the key.
/// </remarks>
public sealed class CertificateVerificationOptions
{
    /// <summary>The only roots that are trusted; null (the default) means those of the operating system. An empty collection is refused when the options are used.</summary>
    public X509Certificate2Collection? CustomTrustRoots { get; set; }

    /// <summary>Intermediate certificates that may be used to complete a chain the peer sent incompletely. They are not trusted by standing here.</summary>
    public X509Certificate2Collection? ExtraIntermediates { get; set; }

    /// <summary>
    /// Whether revocation is checked: <see cref="X509RevocationMode.NoCheck"/> (the default), from the local cache only (<c>Offline</c>), or by fetching
    /// OCSP responses and CRLs (<c>Online</c>). Where it is checked, an unknown state refuses the certificate.
    /// </summary>
    public X509RevocationMode RevocationMode { get; set; } = X509RevocationMode.NoCheck;

    /// <summary>Which certificates of the chain are checked for revocation. Default: all but the root.</summary>
    public X509RevocationFlag RevocationFlag { get; set; } = X509RevocationFlag.ExcludeRoot;

    /// <summary>Whether missing intermediates may be downloaded from the address that a certificate names (AIA). Default: false. Revocation lists and OCSP responses are <see cref="RevocationMode"/>'s business.</summary>
    /// <remarks>The platform keeps what it fetched in the user's store of intermediates, where the next verification finds it.</remarks>
    public bool AllowDownloads { get; set; }

    /// <summary>The longest that one download (an intermediate, an OCSP response, a CRL) may take. Default: 10 seconds.</summary>
    public TimeSpan DownloadTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Client: whether the server is asked to staple an OCSP response (status_request; RFC 6066 §8, RFC 8446 §4.4.2.1). Default: false. What it sends is handed to
    /// <see cref="Callback"/> and to a <see cref="CertificateQuestion"/>, unverified: the platform's chain engine takes no responses from outside.
    /// </summary>
    public bool RequestOcspResponse { get; set; }

    /// <summary>
    /// Client: whether the server is asked for signed certificate timestamps (RFC 6962 §3.3.1, RFC 8446 §4.4.2.1). Default: false. What it sends is handed to
    /// <see cref="Callback"/> and to a <see cref="CertificateQuestion"/>, unverified.
    /// </summary>
    public bool RequestSignedCertificateTimestamps { get; set; }

    /// <summary>What the platform's chain engine is to overlook. Default: nothing.</summary>
    public X509VerificationFlags VerificationFlags { get; set; } = X509VerificationFlags.NoFlag;

    /// <summary>
    /// How long the acceptance of a chain may be reused for the very same chain and host under these options, which saves building it again. Default: 5 minutes;
    /// zero turns it off. Never past the end of a certificate's validity, never with revocation checking, and never with a <see cref="Callback"/>.
    /// </summary>
    public TimeSpan ReuseAcceptanceFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The application's own verification, called after the library's with its verdict; true accepts, also against that verdict, and false refuses.
    /// Null (the default): the library's verdict stands. Called by many connections at once, within the handshake's time limit. It is not called when no
    /// certificate came or the leaf cannot be parsed; and a key that this library cannot use stays refused whatever it answers.
    /// </summary>
    /// <remarks>A resumed session is not verified again: see <see cref="CallbackId"/>.</remarks>
    public Func<CertificateVerificationContext, CancellationToken, ValueTask<bool>>? Callback { get; set; }

    /// <summary>
    /// A name for the policy behind <see cref="Callback"/>, to be changed whenever that policy changes. It goes into the scope of a server's sessions and into
    /// the key of a client's, so that a session accepted under one policy is never resumed under another. Null (the default) with a callback means: no session
    /// whose peer that callback judged is kept or resumed, and it is asked in every handshake. On a server those are the sessions with a client certificate; on
    /// a client they are all.
    /// </summary>
    /// <remarks>
    /// By setting an id the application says that what the callback has accepted once may be resumed without asking it again, for as long as the session
    /// lives. What it looks at besides the certificate (a pin that was changed, a revocation) then counts at the next full handshake.
    /// </remarks>
    public string? CallbackId { get; set; }
}
