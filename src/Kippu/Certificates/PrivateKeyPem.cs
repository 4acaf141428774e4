using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kippu.Wire;

namespace Kippu.Certificates;

/// <summary>Reads a private key from PEM (RFC 7468), and says what is wrong when it cannot.</summary>
internal static class PrivateKeyPem
{
    private const string Pkcs8 = "PRIVATE KEY";
    private const string EncryptedPkcs8 = "ENCRYPTED PRIVATE KEY";
    private const string Sec1 = "EC PRIVATE KEY";
    private const string Pkcs1 = "RSA PRIVATE KEY";

    /// <summary>The one private key in <paramref name="pem"/>: an <see cref="ECDsa"/> or an <see cref="RSA"/>, which the caller disposes.</summary>
    /// <exception cref="CryptographicException">There is none, or more than one, or it cannot be read; the message says which.</exception>
    public static AsymmetricAlgorithm Read(ReadOnlySpan<char> pem, ReadOnlySpan<char> password)
    {
        var label = FindLabel(pem, out var block);
        if (label == EncryptedPkcs8 && password.IsEmpty)
        {
            throw new CryptographicException("The private key is encrypted: give its password.");
        }

        if (block.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
        {
            throw new CryptographicException("The private key is encrypted in OpenSSL's old format, which is not supported: convert it with 'openssl pkcs8 -topk8 -in OLD -out NEW'.");
        }

        return label switch
        {
            Sec1 => Import(ECDsa.Create(), block, []),
            Pkcs1 => Import(RSA.Create(), block, []),
            _ => TryImport(ECDsa.Create(), block, password) ?? Import(RSA.Create(), block, password),
        };
    }

    /// <summary>The certificate that <paramref name="key"/> belongs to, together with it.</summary>
    /// <exception cref="CryptographicException">It belongs to none of them.</exception>
    public static X509Certificate2 Join(X509Certificate2Collection certificates, AsymmetricAlgorithm key)
    {
        var publicKey = key.ExportSubjectPublicKeyInfo();
        foreach (var certificate in certificates)
        {
            if (PublicBytes.AreEqual(certificate.PublicKey.ExportSubjectPublicKeyInfo(), publicKey))
            {
                return key is ECDsa ecdsa ? certificate.CopyWithPrivateKey(ecdsa) : certificate.CopyWithPrivateKey((RSA)key);
            }
        }

        throw new CryptographicException(
            $"The private key does not belong to the certificate {certificates[0].Subject}{(certificates.Count > 1 ? ", nor to another one in the same text" : "")}: give the key that the certificate was issued for.");
    }

    private static string FindLabel(ReadOnlySpan<char> pem, out ReadOnlySpan<char> block)
    {
        string? label = null;
        block = default;
        var rest = pem;
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var found = rest[fields.Label].ToString();
            if (found is Pkcs8 or EncryptedPkcs8 or Sec1 or Pkcs1)
            {
                if (label is not null)
                {
                    throw new CryptographicException("The PEM text holds more than one private key: keep the one that belongs to the certificate.");
                }

                label = found;
                block = rest[fields.Location];
            }

            rest = rest[fields.Location.End..];
        }

        return label ?? FindUnreadable(pem, out block);
    }

    /// <summary>A block with header lines (OpenSSL's old encryption) is not PEM to <see cref="PemEncoding"/>; it still deserves its own error.</summary>
    private static string FindUnreadable(ReadOnlySpan<char> pem, out ReadOnlySpan<char> block)
    {
        if (pem.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
        {
            block = pem;
            return Pkcs1;
        }

        throw new CryptographicException("No private key was found: a PEM block 'PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'EC PRIVATE KEY' or 'RSA PRIVATE KEY' is needed.");
    }

    private static AsymmetricAlgorithm Import(AsymmetricAlgorithm key, ReadOnlySpan<char> block, ReadOnlySpan<char> password) =>
        TryImport(key, block, password) ?? throw new CryptographicException(
            password.IsEmpty
                ? "The private key cannot be read: it is damaged, or it is neither an ECDSA nor an RSA key."
                : "The private key cannot be read: the password is wrong, or it is damaged, or it is neither an ECDSA nor an RSA key.");

    private static AsymmetricAlgorithm? TryImport(AsymmetricAlgorithm key, ReadOnlySpan<char> block, ReadOnlySpan<char> password)
    {
        try
        {
            if (password.IsEmpty || !block.Contains(EncryptedPkcs8, StringComparison.Ordinal))
            {
                key.ImportFromPem(block);
            }
            else
            {
                key.ImportFromEncryptedPem(block, password);
            }

            return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();
            return null;
        }
    }
}
