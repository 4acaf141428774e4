using System.Security.Authentication;
using Kippu.InteropTests.Peers;

namespace Kippu.InteropTests.Ours;

/// <summary>Our servers as these tests set them up.</summary>
internal static class KippuServers
{
    /// <summary>A server with the ECDSA certificate and one suite; <paramref name="change"/> says what is special about it.</summary>
    public static TlsServer Make(Action<TlsServerOptions> change)
    {
        var options = new TlsServerOptions { ScopeName = "interop", Protocols = SslProtocols.Tls12 };
        options.CipherSuites.Add(Suites.Usual);
        options.Credentials.Add(PeerPki.Ecdsa.Identity.Credential);
        change(options);
        return new TlsServer(options);
    }

    /// <summary>The same for TLS 1.3, with every suite of it.</summary>
    public static TlsServer Make13(Action<TlsServerOptions> change) => Make(options =>
    {
        options.Protocols = SslProtocols.Tls13;
        options.CipherSuites.Clear();
        change(options);
    });

    /// <summary>A ring that nobody else has.</summary>
    public static IRingSource NewRing() => new FixedRing(TicketKeyRing.Create(TimeProvider.System.GetUtcNow()));
}
