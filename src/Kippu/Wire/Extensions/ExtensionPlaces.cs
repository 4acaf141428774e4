namespace Kippu.Wire.Extensions;

/// <summary>The messages that hold extensions, as the table of RFC 8446 §4.2 names them.</summary>
[Flags]
internal enum ExtensionPlaces
{
    None = 0,
    ClientHello = 1,
    ServerHello = 2,
    HelloRetryRequest = 4,
    EncryptedExtensions = 8,
    CertificateRequest = 16,
    Certificate = 32,
    NewSessionTicket = 64,

    /// <summary>A ServerHello that chooses TLS 1.2, of which the table does not speak.</summary>
    ServerHello12 = 128,
}
