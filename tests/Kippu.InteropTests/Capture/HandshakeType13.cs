namespace Kippu.InteropTests.Capture;

/// <summary>Messages that are protected in TLS 1.3, by IANA's numbers.</summary>
internal enum HandshakeType13
{
    NewSessionTicket = 4,
    EncryptedExtensions = 8,
}
