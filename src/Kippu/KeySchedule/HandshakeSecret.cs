using Kippu.Crypto;
using Kippu.Wire;

namespace Kippu.KeySchedule;

/// <summary>The second stage of RFC 8446 §7.1, from the ServerHello to the server's Finished.</summary>
internal sealed class HandshakeSecret : KeyScheduleSecret
{
    private readonly CipherSuite _suite;

    internal HandshakeSecret(CipherSuite suite, SecretBytes secret)
        : base(suite.Hash, secret) => _suite = suite;

    /// <summary>client_handshake_traffic_secret.</summary>
    /// <param name="serverHelloHash">Over ClientHello...ServerHello.</param>
    public HandshakeTrafficSecret DeriveClientTraffic(ReadOnlySpan<byte> serverHelloHash) => new(_suite, DeriveSecret("c hs traffic"u8, serverHelloHash));

    /// <summary>server_handshake_traffic_secret.</summary>
    /// <param name="serverHelloHash">Over ClientHello...ServerHello.</param>
    public HandshakeTrafficSecret DeriveServerTraffic(ReadOnlySpan<byte> serverHelloHash) => new(_suite, DeriveSecret("s hs traffic"u8, serverHelloHash));

    /// <summary>The last stage, which needs no further secret. This one is disposed.</summary>
    public MasterSecret13 ToMasterSecret()
    {
        Span<byte> zero = stackalloc byte[HashLength];
        zero.Clear();
        var next = new MasterSecret13(_suite, ExtractNext(zero));
        Dispose();
        return next;
    }
}
