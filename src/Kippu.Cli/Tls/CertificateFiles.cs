using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kippu.Cli.Output;

namespace Kippu.Cli.Tls;

/// <summary>Certificates and keys in the files that a command line names.</summary>
internal static class CertificateFiles
{
    private const string CertificateAdvice = "Give PEM files: the certificate (and its intermediates), and the private key by --key or in the same file.";
    private const string KeyAdvice = "Give the private key in PEM, ECDSA (P-256, P-384, P-521) or RSA, unencrypted (openssl pkey -in FILE -out PLAIN takes a password off), by --key or in the file of --cert.";

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
        if (IsPfx(path))
        {
            if (keyPath is not null)
            {
                throw CommandFault.Usage($"--key: {path} is PKCS#12, which holds its key", "Leave --key out.");
            }

            Read(path, "--cert", () => credential = TlsCredential.FromPfxFile(path), "A .pfx must have an empty password here; or give PEM files, by --cert and --key.");
            return credential!;
        }

        // One after the other, so that the file is named that is wrong.
        Read(path, "--cert", () => new X509Certificate2Collection().ImportFromPemFile(path));
        Read(keyPath ?? path, keyPath is null ? "--cert" : "--key", () => credential = TlsCredential.FromPemFile(path, keyPath), KeyAdvice);
        return credential!;
    }

    private static bool IsPfx(string path) => Path.GetExtension(path).ToUpperInvariant() is ".PFX" or ".P12";

    private static void Read(string path, string option, Action read, string advice = CertificateAdvice)
    {
        try
        {
            read();
        }
        catch (Exception e) when (FileTrouble.IsOne(e))
        {
            throw CommandFault.Usage($"{option} {FileTrouble.Of(path, e)}", "Name a file that exists and that you may read.", e);
        }
        catch (CryptographicException e)
        {
            throw CommandFault.Usage($"{option} {path}: {e.Message}", advice, e);
        }
    }
}
