namespace Kippu;

/// <summary>
/// Signs for a private key that lives elsewhere: a hardware module, a key service. Give it to
/// <see cref="TlsCredential.FromSigner(System.Security.Cryptography.X509Certificates.X509Certificate2, IEnumerable{System.Security.Cryptography.X509Certificates.X509Certificate2}, ITlsSigner, IEnumerable{SignatureScheme})"/>.
/// </summary>
/// <remarks>It is called by many connections at once. It runs inside the handshake's time limit.</remarks>
public interface ITlsSigner
{
    /// <summary>Signs <paramref name="data"/> with the private key of the credential's leaf certificate.</summary>
    /// <param name="scheme">Signature algorithm and hash; one of those that the credential was made for.</param>
    /// <param name="data">What is to be signed, not yet hashed. Valid until the returned task ends.</param>
    /// <param name="cancellationToken">Cancelled when the connection is given up.</param>
    /// <returns>The signature as it stands on the wire: for ECDSA the DER sequence of RFC 8422 §5.4, for RSA the modulus-long octet string.</returns>
    ValueTask<byte[]> SignAsync(SignatureScheme scheme, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);
}
