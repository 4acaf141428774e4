using Kippu.Wire;
using static Kippu.Tests.Wire.Messages.WireShapes;

namespace Kippu.Tests.Wire.Messages;

/// <summary>The shape of each handshake message's body: where its lengths stand.</summary>
internal static class MessageShapes
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
            [ExtensionType.KeyShare] = Vector(2, Many(Sequence(Bytes(2), Vector(2)))),
            [ExtensionType.PskKeyExchangeModes] = Vector(1),
            [ExtensionType.Cookie] = Vector(2),
            [ExtensionType.CertificateAuthorities] = Vector(2, Many(Vector(2))),
            [ExtensionType.PreSharedKey] = Sequence(Vector(2, Many(Sequence(Vector(2), Bytes(4)))), Vector(2, Many(Vector(1)))),
        });

    private static readonly WireShape s_serverHello = Hello(
        Sequence(Bytes(34), Vector(1), Bytes(3)),
        new()
        {
            [ExtensionType.EcPointFormats] = Vector(1),
            [ExtensionType.ApplicationLayerProtocolNegotiation] = Vector(2, Vector(1)),
            [ExtensionType.RenegotiationInfo] = Vector(1),
            [ExtensionType.KeyShare] = Sequence(Bytes(2), Vector(2)),
        });

    /// <summary>That of TLS 1.2, where it differs.</summary>
    public static WireShape Of(HandshakeType type) => type switch
    {
        HandshakeType.ClientHello => s_clientHello,
        HandshakeType.ServerHello => s_serverHello,
        HandshakeType.HelloRequest or HandshakeType.ServerHelloDone => Sequence(),
        HandshakeType.Certificate => Vector(3, Many(Vector(3))),
        HandshakeType.CertificateStatus => Sequence(Bytes(1), Vector(3)),
        HandshakeType.ServerKeyExchange => Sequence(Bytes(3), Vector(1), Bytes(2), Vector(2)),
        HandshakeType.CertificateRequest => Sequence(Vector(1), Vector(2), Vector(2, Many(Vector(2)))),
        HandshakeType.CertificateVerify => Sequence(Bytes(2), Vector(2)),
        HandshakeType.ClientKeyExchange => Vector(1),
        HandshakeType.NewSessionTicket => Sequence(Bytes(4), Vector(2)),
        HandshakeType.Finished => Bytes(12),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>Something, and a vector of extensions behind it, whose data have these shapes.</summary>
    public static WireShape Hello(WireShape start, Dictionary<ExtensionType, WireShape> extensions) =>
        Sequence(start, Vector(2, Many(Extension(extensions))));
}
