using System.Net.Security;
using Kippu.Wire;

namespace Kippu.Handshake;

/// <summary>Whether a client has something to send before the handshake is complete (0-RTT), and in which application protocol it is written.</summary>
/// <param name="HasData">False: early data is not offered.</param>
/// <param name="Protocol">Early data is offered with sessions of this protocol only; null: with any.</param>
internal readonly record struct EarlyDataWish(bool HasData, SslApplicationProtocol? Protocol)
{
    /// <summary>Early data in whatever protocol the session has.</summary>
    public static EarlyDataWish Any => new(HasData: true, Protocol: null);

    public static EarlyDataWish None => default;

    public bool Fits(ReadOnlySpan<byte> sessionProtocol) => HasData && (Protocol is not { } protocol || PublicBytes.AreEqual(protocol.Protocol.Span, sessionProtocol));
}
