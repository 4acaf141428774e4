using System.Security.Authentication;
using Kippu.InteropTests.Peers;
using Kippu.Tests;

namespace Kippu.InteropTests.Ours;

/// <summary>Our clients as these tests set them up.</summary>
internal static class KippuClients
{
    /// <summary>A client that trusts the test root and offers one suite; <paramref name="change"/> says what is special about it.</summary>
    public static TlsClient Make(Action<TlsClientOptions> change)
    {
        var options = new TlsClientOptions { ServerVerification = TestPki.Verification, Protocols = SslProtocols.Tls12 };
        options.CipherSuites.Add(Suites.Usual);
        change(options);
        return new TlsClient(options);
    }
}
