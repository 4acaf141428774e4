namespace Kippu.Bench.Micro;

/// <summary>The suites that are measured, by their numbers on the wire, with names short enough for a table.</summary>
public enum TlsCipherSuiteName : ushort
{
    Aes128Gcm = 0xC02B,
    ChaCha20Poly1305 = 0xCCA9,
}
