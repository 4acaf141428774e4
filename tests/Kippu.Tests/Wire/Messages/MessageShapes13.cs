using Kippu.Wire;
using Kippu.Wire.Messages;
using static Kippu.Tests.Wire.Messages.MessageShapes;
using static Kippu.Tests.Wire.Messages.WireShapes;

namespace Kippu.Tests.Wire.Messages;

/// <summary>The shape of the messages that TLS 1.3 has for itself, or has otherwise than TLS 1.2.</summary>
internal static class MessageShapes13
{
    private static readonly WireShape s_retry = Hello(
        Sequence(Bytes(34), Vector(1), Bytes(3)),
        new() { [ExtensionType.Cookie] = Vector(2) });

    private static readonly WireShape s_encryptedExtensions = Hello(Sequence(), new()
    {
        [ExtensionType.SupportedGroups] = Vector(2),
        [ExtensionType.ApplicationLayerProtocolNegotiation] = Vector(2, Vector(1)),
    });

    private static readonly WireShape s_certificateRequest = Hello(Vector(1), new()
    {
        [ExtensionType.SignatureAlgorithms] = Vector(2),
        [ExtensionType.SignatureAlgorithmsCert] = Vector(2),
        [ExtensionType.CertificateAuthorities] = Vector(2, Many(Vector(2))),
    });

    private static readonly WireShape s_certificate = Sequence(Vector(1), Vector(3, Many(Hello(Vector(3), new()
    {
        [ExtensionType.StatusRequest] = Sequence(Bytes(1), Vector(3)),
        [ExtensionType.SignedCertificateTimestamp] = Vector(2, Many(Vector(2))),
    }))));

    /// <summary>The shape of a message, by its class: a HelloRetryRequest has the type of a ServerHello.</summary>
    public static WireShape Of<T>()
        where T : IHandshakeBody<T> => typeof(T).Name switch
    {
        nameof(HelloRetryRequest) => s_retry,
        nameof(EncryptedExtensions) => s_encryptedExtensions,
        nameof(CertificateRequest13) => s_certificateRequest,
        nameof(CertificateMessage13) => s_certificate,
        nameof(NewSessionTicket13) => Hello(Sequence(Bytes(8), Vector(1), Vector(2)), []),
        nameof(KeyUpdate) => Bytes(1),
        nameof(EndOfEarlyData) => Sequence(),
        _ => MessageShapes.Of(T.Type),
    };
}
