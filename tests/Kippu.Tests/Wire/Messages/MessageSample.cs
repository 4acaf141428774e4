using Kippu.Wire;
using Kippu.Wire.Messages;
using static Kippu.Tests.Wire.Messages.WireShapes;

namespace Kippu.Tests.Wire.Messages;

/// <summary>A message of each kind, with its shape, for the tests that break messages in every place.</summary>
internal sealed class MessageSample
{
    private static readonly WireShape s_clientHello = Hello(
        Sequence(Bytes(34), Vector(1), Vector(2), Vector(1)),
        new()
        {
            [ExtensionType.ServerName] = Vector(2, Many(Sequence(Bytes(1), Vector(2)))),
            [ExtensionType.StatusRequest] = Sequence(Bytes(1), Vector(2, Many(Vector(2))), Vector(2)),
            [ExtensionType.SupportedGroups] = Vector(2),
            [ExtensionType.EcPointFormats] = Vector(1),
            [ExtensionType.SignatureAlgorithms] = Vector(2),
            [ExtensionType.SignatureAlgorithmsCert] = Vector(2),
            [ExtensionType.ApplicationLayerProtocolNegotiation] = Vector(2, Many(Vector(1))),
            [ExtensionType.SupportedVersions] = Vector(1),
            [ExtensionType.RenegotiationInfo] = Vector(1),
        });

    private static readonly WireShape s_serverHello = Hello(
        Sequence(Bytes(34), Vector(1), Bytes(3)),
        new()
        {
            [ExtensionType.EcPointFormats] = Vector(1),
            [ExtensionType.ApplicationLayerProtocolNegotiation] = Vector(2, Vector(1)),
            [ExtensionType.RenegotiationInfo] = Vector(1),
        });

    private MessageSample(HandshakeType type, byte[] body, Func<ReadOnlyMemory<byte>, byte[]> rewrite, WireShape shape)
    {
        Type = type;
        Body = body;
        Rewrite = rewrite;
        Lengths = shape.LengthsIn(body);
    }

    public static IReadOnlyDictionary<string, MessageSample> All { get; } = new Dictionary<string, MessageSample>
    {
        ["ClientHello with everything"] = Of(SampleHellos.Client, s_clientHello),
        ["ClientHello of OpenSSL 3.0, resuming"] = OfBytes<ClientHello>(SampleHellos.OpenSslClient, s_clientHello),
        ["ClientHello of RFC 8448"] = OfBytes<ClientHello>(SampleHellos.Rfc8448Client, s_clientHello),
        ["ServerHello with everything"] = Of(SampleHellos.Server, s_serverHello),
        ["ServerHello of OpenSSL 3.0, resuming"] = OfBytes<ServerHello>(SampleHellos.OpenSslServer, s_serverHello),
        ["HelloRequest"] = Of(HelloRequest.Instance, Sequence()),
        ["ServerHelloDone"] = Of(ServerHelloDone.Instance, Sequence()),
        ["Certificate"] = Of(new CertificateMessage12 { Certificates = [Filled(300, 0x31), Filled(5, 0x32)] }, Vector(3, Many(Vector(3)))),
        ["CertificateStatus"] = Of(new CertificateStatus { OcspResponse = Filled(9, 0x33) }, Sequence(Bytes(1), Vector(3))),
        ["ServerKeyExchange"] = Of(KeyExchange(), Sequence(Bytes(3), Vector(1), Bytes(2), Vector(2))),
        ["CertificateRequest"] = Of(
            new CertificateRequest12
            {
                CertificateTypes = new byte[] { CertificateRequest12.RsaSign, CertificateRequest12.EcdsaSign },
                SignatureAlgorithms = UInt16List.Of(0x0403, 0x0804),
                CertificateAuthorities = [Filled(40, 0x34), Filled(7, 0x35)],
            },
            Sequence(Vector(1), Vector(2), Vector(2, Many(Vector(2))))),
        ["CertificateVerify"] = Of(new CertificateVerify { Scheme = 0x0403, Signature = Filled(70, 0x36) }, Sequence(Bytes(2), Vector(2))),
        ["ClientKeyExchange"] = Of(new ClientKeyExchange { PublicKey = Filled(65, 0x37) }, Vector(1)),
        ["NewSessionTicket"] = Of(new NewSessionTicket12 { LifetimeHint = 7200, Ticket = Filled(192, 0x38) }, Sequence(Bytes(4), Vector(2))),
        ["Finished"] = Of(new Finished { VerifyData = Filled(12, 0x39) }, Bytes(12)),
    };

    public HandshakeType Type { get; }

    public byte[] Body { get; }

    /// <summary>Parses a body as this kind of message and writes what was understood.</summary>
    public Func<ReadOnlyMemory<byte>, byte[]> Rewrite { get; }

    public IReadOnlyList<LengthField> Lengths { get; }

    /// <summary>Where a hello may end, since extensions are optional; -1 in other messages.</summary>
    public int EndWithoutExtensions => Type switch
    {
        HandshakeType.ClientHello => Lengths[3].Offset,
        HandshakeType.ServerHello => Lengths[1].Offset,
        _ => -1,
    };

    public static byte[] Write<T>(T message)
        where T : IHandshakeBody<T>
    {
        using var buffer = new WireBuffer();
        message.Write(new TlsWriter(buffer));
        return buffer.Written.ToArray();
    }

    private static MessageSample Of<T>(T message, WireShape shape)
        where T : IHandshakeBody<T> => OfBytes<T>(Write(message), shape);

    private static MessageSample OfBytes<T>(byte[] body, WireShape shape)
        where T : IHandshakeBody<T> => new(T.Type, body, data => Write(T.Parse(data)), shape);

    private static WireShape Hello(WireShape start, Dictionary<ExtensionType, WireShape> extensions) =>
        Sequence(start, Vector(2, Many(Extension(extensions))));

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
