using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kippu.AspNetCore.Certificates;

/// <summary>The bytes of a <see cref="CertificateFile"/>, read once: what is looked at and what is loaded are the same.</summary>
internal sealed class FileContent
{
    private readonly CertificateFile _file;
    private readonly byte[] _certificate;
    private readonly byte[]? _key;

    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public FileContent(CertificateFile file, string root)
    {
        _file = file;
        _certificate = File.ReadAllBytes(Path.Combine(root, file.Path));
        _key = file.KeyPath is { } path ? File.ReadAllBytes(Path.Combine(root, path)) : null;
    }

    private bool IsPkcs12 => Path.GetExtension(_file.Path).ToUpperInvariant() is ".PFX" or ".P12";

    private string CertificateText => Encoding.UTF8.GetString(_certificate);

    private string KeyText => _key is null ? CertificateText : Encoding.UTF8.GetString(_key);

    /// <summary>Stands for the content, and tells nothing of it.</summary>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(SHA256.HashData(_certificate));
        hash.AppendData(SHA256.HashData(_key ?? []));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    public TlsCredential ToCredential() => IsPkcs12 ? TlsCredential.FromPfx(_certificate, _file.Password) : TlsCredential.FromPem(CertificateText, KeyText, _file.Password);

    public SslStreamCertificateContext ToContext()
    {
        if (IsPkcs12)
        {
            var all = X509CertificateLoader.LoadPkcs12Collection(_certificate, _file.Password);
            return SslStreamCertificateContext.Create(all.First(certificate => certificate.HasPrivateKey), all, offline: true);
        }

        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(CertificateText);
        var leaf = _file.Password is { } password
            ? X509Certificate2.CreateFromEncryptedPem(CertificateText, KeyText, password)
            : X509Certificate2.CreateFromPem(CertificateText, KeyText);
        return SslStreamCertificateContext.Create(leaf, chain, offline: true);
    }

    /// <summary>Clears the keys.</summary>
    public void Clear()
    {
        CryptographicOperations.ZeroMemory(_certificate);
        CryptographicOperations.ZeroMemory(_key);
    }
}
