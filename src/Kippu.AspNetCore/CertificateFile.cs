namespace Kippu.AspNetCore;

/// <summary>A certificate chain with its private key in files: PEM, or PKCS#12 if <see cref="Path"/> ends in <c>.pfx</c> or <c>.p12</c>.</summary>
public sealed class CertificateFile
{
    /// <summary>The chain, leaf and intermediates; with a PKCS#12 file the key too. Relative to the application's content root.</summary>
    public string Path { get; set; } = "";

    /// <summary>The private key in PEM. Null (the default): it stands in <see cref="Path"/>.</summary>
    public string? KeyPath { get; set; }

    /// <summary>For an encrypted key or a PKCS#12 file.</summary>
    public string? Password { get; set; }
}
