namespace Kippu.Wire;

/// <summary>The authenticated encryption of a cipher suite (RFC 5116, RFC 8439).</summary>
internal enum AeadAlgorithm
{
    Aes128Gcm,
    Aes256Gcm,
    ChaCha20Poly1305,
}
