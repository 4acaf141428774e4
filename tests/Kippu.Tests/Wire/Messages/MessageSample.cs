using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Tests.Wire.Messages;

/// <summary>A message of each kind, with its shape, for the tests that break messages in every place.</summary>
internal sealed class MessageSample
{
    private MessageSample(HandshakeType type, TlsVersion version, byte[] body, Func<ReadOnlyMemory<byte>, byte[]> rewrite, WireShape shape)
    {
        Type = type;
        Version = version;
        Body = body;
        Rewrite = rewrite;
        Lengths = shape.LengthsIn(body);
    }

    public static IReadOnlyDictionary<string, MessageSample> All { get; } = new Dictionary<string, MessageSample>
    {
        ["ClientHello with everything"] = Of(SampleHellos.Client),
        ["ClientHello of OpenSSL 3.0, resuming"] = OfBytes<ClientHello>(SampleHellos.OpenSslClient),
        ["ClientHello of RFC 8448"] = OfBytes<ClientHello>(SampleHellos.Rfc8448Client),
        ["ServerHello with everything"] = Of(SampleHellos.Server),
        ["ServerHello of TLS 1.3 with everything"] = Of(SampleHellos.Server13, TlsVersion.Tls13),
        ["HelloRetryRequest with everything"] = Of(SampleHellos.Retry, TlsVersion.Tls13),
        ["ServerHello of OpenSSL 3.0, resuming"] = OfBytes<ServerHello>(SampleHellos.OpenSslServer),
        ["HelloRequest"] = Of(HelloRequest.Instance),
        ["ServerHelloDone"] = Of(ServerHelloDone.Instance),
        ["Certificate"] = Of(new CertificateMessage12 { Certificates = [Filled(300, 0x31), Filled(5, 0x32)] }),
        ["CertificateStatus"] = Of(new CertificateStatus { OcspResponse = Filled(9, 0x33) }),
        ["ServerKeyExchange"] = Of(KeyExchange()),
        ["CertificateRequest"] = Of(
            new CertificateRequest12
            {
                CertificateTypes = new byte[] { CertificateRequest12.RsaSign, CertificateRequest12.EcdsaSign },
                SignatureAlgorithms = UInt16List.Of(0x0403, 0x0804),
                CertificateAuthorities = [Filled(40, 0x34), Filled(7, 0x35)],
            }),
        ["CertificateVerify"] = Of(new CertificateVerify { Scheme = 0x0403, Signature = Filled(70, 0x36) }),
        ["ClientKeyExchange"] = Of(new ClientKeyExchange { PublicKey = Filled(65, 0x37) }),
        ["NewSessionTicket"] = Of(new NewSessionTicket12 { LifetimeHint = 7200, Ticket = Filled(192, 0x38) }),
        ["Finished"] = Of(new Finished { VerifyData = Filled(12, 0x39) }),
        ["EncryptedExtensions"] = Of(Samples13.EncryptedExtensions, TlsVersion.Tls13),
        ["CertificateRequest, TLS 1.3"] = Of(Samples13.CertificateRequest, TlsVersion.Tls13),
        ["Certificate, TLS 1.3"] = Of(Samples13.Certificate, TlsVersion.Tls13),
        ["NewSessionTicket, TLS 1.3"] = Of(Samples13.Ticket, TlsVersion.Tls13),
        ["KeyUpdate"] = Of(new KeyUpdate { IsRequested = true }, TlsVersion.Tls13),
        ["EndOfEarlyData"] = Of(EndOfEarlyData.Instance, TlsVersion.Tls13),
    };

    public HandshakeType Type { get; }

    /// <summary>The version whose form of the message this is.</summary>
    public TlsVersion Version { get; }

    public byte[] Body { get; }

    /// <summary>Parses a body as this kind of message and writes what was understood.</summary>
    public Func<ReadOnlyMemory<byte>, byte[]> Rewrite { get; }

    public IReadOnlyList<LengthField> Lengths { get; }

    /// <summary>Where a hello may end, since extensions are optional; -1 in other messages.</summary>
    public int EndWithoutExtensions => Type switch
    {
        HandshakeType.ClientHello => Lengths[3].Offset,
        HandshakeType.ServerHello when !HelloRetryRequest.IsIn(Body) => Lengths[1].Offset,
        _ => -1,
    };

    public static byte[] Write<T>(T message)
        where T : IHandshakeBody<T>
    {
        using var buffer = new WireBuffer();
        message.Write(new TlsWriter(buffer));
        return buffer.Written.ToArray();
    }

    private static MessageSample Of<T>(T message, TlsVersion version = TlsVersion.Tls12)
        where T : IHandshakeBody<T> => OfBytes<T>(Write(message), version);

    private static MessageSample OfBytes<T>(byte[] body, TlsVersion version = TlsVersion.Tls12)
        where T : IHandshakeBody<T> => new(T.Type, version, body, data => Write(T.Parse(data)), MessageShapes13.Of<T>());

    private static ServerKeyExchange KeyExchange()
    {
        using var buffer = new WireBuffer();
        ServerKeyExchange.WriteParameters(new TlsWriter(buffer), NamedGroup.X25519, Filled(32, 0x3A));
        return new ServerKeyExchange
        {
            Group = (ushort)NamedGroup.X25519,
            PublicKey = Filled(32, 0x3A),
            Parameters = buffer.Written.ToArray(),
            Scheme = 0x0403,
            Signature = Filled(71, 0x3B),
        };
    }

    private static byte[] Filled(int count, byte value) => [.. Enumerable.Repeat(value, count)];
}
