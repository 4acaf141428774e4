using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kippu.Cli.Tls;

/// <summary>Certificates and keys in the files that a command line names.</summary>
internal static class CertificateFiles
{
    /// <summary>Roots in PEM, one or more.</summary>
    /// <param name="path">The file.</param>
    /// <param name="option">The option that named it.</param>
    public static X509Certificate2Collection LoadRoots(string path, string option)
    {
        var roots = new X509Certificate2Collection();
        Read(path, option, () => roots.ImportFromPemFile(path));
        return roots.Count > 0 ? roots : throw CommandFault.Usage($"{option} {path}: there is no certificate in it", "Give a file of PEM certificates (-----BEGIN CERTIFICATE-----).");
    }

    /// <exception cref="CommandFault">There is a key and no certificate for it.</exception>
    public static void CheckPair(string? path, string? keyPath)
    {
        if (path is null && keyPath is not null)
        {
            throw CommandFault.Usage("--key is the key of a certificate, and there is no --cert", "Give both.");
        }
    }

    /// <summary>A chain with its key: PEM, the key in the same file or in one of its own; or PKCS#12 without a password, if the name ends in .pfx or .p12.</summary>
    public static TlsCredential LoadCredential(string path, string? keyPath)
    {
        TlsCredential? credential = null;
        Read(path, "--cert", () => credential = IsPfx(path) ? TlsCredential.FromPfxFile(path) : TlsCredential.FromPemFile(path, keyPath));
        return credential!;
    }

    private static bool IsPfx(string path) => Path.GetExtension(path).ToUpperInvariant() is ".PFX" or ".P12";

    private static void Read(string path, string option, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandFault.Usage($"{option}: {e.Message}", "Name a file that exists and that you may read.", e);
        }
        catch (CryptographicException e)
        {
            throw CommandFault.Usage($"{option} {path}: {e.Message}", "Give PEM files: the certificate (and its intermediates), and the private key, unencrypted, by --key or in the same file.", e);
        }
    }
}
