namespace Kippu;

/// <summary>Handshake messages (RFC 5246 §7.4, RFC 5077 §3.3, RFC 8446 §4), with their values on the wire.</summary>
public enum HandshakeType : byte
{
    /// <summary>HelloRequest (TLS 1.2).</summary>
    HelloRequest = 0,
    /// <summary>ClientHello.</summary>
    ClientHello = 1,
    /// <summary>ServerHello.</summary>
    ServerHello = 2,
    /// <summary>NewSessionTicket (RFC 5077 §3.3; RFC 8446 §4.6.1).</summary>
    NewSessionTicket = 4,
    /// <summary>EndOfEarlyData (TLS 1.3).</summary>
    EndOfEarlyData = 5,
    /// <summary>EncryptedExtensions (TLS 1.3).</summary>
    EncryptedExtensions = 8,
    /// <summary>Certificate.</summary>
    Certificate = 11,
    /// <summary>ServerKeyExchange (TLS 1.2).</summary>
    ServerKeyExchange = 12,
    /// <summary>CertificateRequest.</summary>
    CertificateRequest = 13,
    /// <summary>ServerHelloDone (TLS 1.2).</summary>
    ServerHelloDone = 14,
    /// <summary>CertificateVerify.</summary>
    CertificateVerify = 15,
    /// <summary>ClientKeyExchange (TLS 1.2).</summary>
    ClientKeyExchange = 16,
    /// <summary>Finished.</summary>
    Finished = 20,
    /// <summary>CertificateStatus (RFC 6066 §8).</summary>
    CertificateStatus = 22,
    /// <summary>KeyUpdate (TLS 1.3).</summary>
    KeyUpdate = 24,
    /// <summary>The synthetic message_hash of RFC 8446 §4.4.1; never on the wire.</summary>
    MessageHash = 254,
}
