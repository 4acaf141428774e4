using Kippu.Wire;

namespace Kippu.Tests.Handshake.Peers;

/// <summary>A record as a peer has read it.</summary>
internal sealed record PeerRecord(ContentType Type, byte[] Content, bool IsProtected);
