using Kippu.Crypto;
using Kippu.Wire;

namespace Kippu.KeySchedule;

/// <summary>
/// The key block of RFC 5246 §6.3, cut up for an AEAD suite, which has no MAC keys: client_write_key, server_write_key, client_write_IV,
/// server_write_IV. Cleared on dispose.
/// </summary>
internal sealed class KeyBlock12 : IDisposable
{
    private readonly SecretBytes _block;
    private readonly int _keyLength;
    private readonly int _ivLength;

    public KeyBlock12(CipherSuite suite)
    {
        _keyLength = suite.KeyLength;
        _ivLength = suite.FixedIvLength;
        _block = new SecretBytes(2 * (_keyLength + _ivLength));
    }

    public ReadOnlySpan<byte> ClientKey => _block.Span[.._keyLength];

    public ReadOnlySpan<byte> ServerKey => _block.Span.Slice(_keyLength, _keyLength);

    public ReadOnlySpan<byte> ClientIv => _block.Span.Slice(2 * _keyLength, _ivLength);

    public ReadOnlySpan<byte> ServerIv => _block.Span.Slice((2 * _keyLength) + _ivLength, _ivLength);

    /// <summary>The whole block, to be filled by the PRF.</summary>
    internal Span<byte> Block => _block.Span;

    public void Dispose() => _block.Dispose();
}
