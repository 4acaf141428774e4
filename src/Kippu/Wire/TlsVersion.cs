namespace Kippu.Wire;

/// <summary>Protocol versions as they stand on the wire.</summary>
internal enum TlsVersion : ushort
{
    Tls12 = 0x0303,
    Tls13 = 0x0304,
}
