using System.Net.Security;
using Kippu.Wire;
using Kippu.Wire.Messages;
using static Kippu.Tests.Wire.Messages.SampleHellos;

namespace Kippu.Tests.Wire.Messages;

/// <summary>Messages of TLS 1.3 that hold everything they can.</summary>
internal static class Samples13
{
    public static EncryptedExtensions EncryptedExtensions => new()
    {
        ServerName = true,
        SupportedGroups = UInt16List.Of(29, 23),
        ApplicationProtocol = SslApplicationProtocol.Http2.Protocol,
        RecordSizeLimit = 16385,
        EarlyData = true,
        ExpectedTickets = 2,
    };

    public static CertificateRequest13 CertificateRequest => new()
    {
        Context = Counting(5),
        SignatureAlgorithms = UInt16List.Of(0x0403, 0x0804),
        SignatureAlgorithmsCert = UInt16List.Of(0x0401),
        CertificateAuthorities = [Counting(40), Counting(7)],
        StatusRequest = true,
        SignedCertificateTimestamps = true,
    };

    public static CertificateMessage13 Certificate => new()
    {
        Context = Counting(5),
        Entries =
        [
            new CertificateEntry { Certificate = Counting(200), OcspResponse = Counting(30), SignedCertificateTimestamps = Timestamps },
            new CertificateEntry { Certificate = Counting(100) },
        ],
    };

    /// <summary>A SignedCertificateTimestampList of two.</summary>
    public static byte[] Timestamps => [0, 9, 0, 3, 1, 2, 3, 0, 2, 4, 5];

    public static NewSessionTicket13 Ticket => new()
    {
        Lifetime = 7200,
        AgeAdd = 0xFADEBEAD,
        Nonce = Counting(2),
        Ticket = Counting(192),
        MaxEarlyData = 16384,
    };
}
