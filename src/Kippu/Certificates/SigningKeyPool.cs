using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kippu.Crypto;

namespace Kippu.Certificates;

/// <summary>
/// Signs with one private key for many threads. .NET promises nothing about concurrent use of one <see cref="ECDsa"/> or <see cref="RSA"/> object, so each
/// signature borrows an object that nobody else holds; all of them refer to the same native key, so no key is imported after the start.
/// </summary>
internal sealed class SigningKeyPool : IDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly Lock _opening = new();
    private readonly SigningKey?[] _idle = new SigningKey?[Math.Max(4, Environment.ProcessorCount)];
    private volatile bool _disposed;

    /// <param name="certificate">A certificate with its private key. The pool makes its own handle of it.</param>
    /// <exception cref="CryptographicException">The certificate has no private key of a kind that this library knows.</exception>
    public SigningKeyPool(X509Certificate2 certificate)
    {
        if (!certificate.HasPrivateKey)
        {
            throw new CryptographicException($"The certificate {certificate.Subject} has no private key.");
        }

        _certificate = new X509Certificate2(certificate);
        _idle[0] = Open();
    }

    public byte[] Sign(SignatureScheme scheme, ReadOnlySpan<byte> data)
    {
        var key = Rent();
        try
        {
            return key.Sign(scheme, data);
        }
        finally
        {
            Return(key);
        }
    }

    public void Dispose()
    {
        _disposed = true;
        for (var i = 0; i < _idle.Length; i++)
        {
            Interlocked.Exchange(ref _idle[i], null)?.Dispose();
        }

        lock (_opening)
        {
            _certificate.Dispose();
        }
    }

    private SigningKey Rent()
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(TlsCredential));
        for (var i = 0; i < _idle.Length; i++)
        {
            if (_idle[i] is not null && Interlocked.Exchange(ref _idle[i], null) is { } key)
            {
                return key;
            }
        }

        return Open();
    }

    private void Return(SigningKey key)
    {
        for (var i = 0; i < _idle.Length && !_disposed; i++)
        {
            if (_idle[i] is null && Interlocked.CompareExchange(ref _idle[i], key, null) is null)
            {
                return;
            }
        }

        key.Dispose();
    }

    private SigningKey Open()
    {
        lock (_opening)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(TlsCredential));
            var key = (AsymmetricAlgorithm?)_certificate.GetECDsaPrivateKey() ?? _certificate.GetRSAPrivateKey()
                ?? throw new CryptographicException($"The private key of the certificate {_certificate.Subject} is neither an ECDSA nor an RSA key, or cannot be used for signing.");
            return new SigningKey(key);
        }
    }
}
