using System.Security.Authentication;
using Microsoft.Extensions.Time.Testing;

namespace Kippu.Tests.Handshake;

/// <summary>Options that most handshake tests begin with: the test PKI, a fake clock that stands at its time.</summary>
internal static class TestServers
{
    public const string Name = "localhost";

    public static FakeTimeProvider Clock() => new(TestPki.Now);

    public static TlsServerOptions ServerOptions(TimeProvider time, params TestIdentity[] identities)
    {
        var options = new TlsServerOptions { TimeProvider = time, Protocols = SslProtocols.Tls12, ClientVerification = TestPki.Verification };
        foreach (var identity in identities.DefaultIfEmpty(TestPki.EcdsaP256))
        {
            options.Credentials.Add(identity.Credential);
        }

        return options;
    }

    public static TlsClientOptions ClientOptions(TimeProvider time) => new() { TimeProvider = time, Protocols = SslProtocols.Tls12, ServerVerification = TestPki.Verification };

    public static TlsServer Server(TimeProvider time, Action<TlsServerOptions>? configure = null)
    {
        var options = ServerOptions(time);
        configure?.Invoke(options);
        return new TlsServer(options);
    }

    public static TlsClient Client(TimeProvider time, Action<TlsClientOptions>? configure = null)
    {
        var options = ClientOptions(time);
        configure?.Invoke(options);
        return new TlsClient(options);
    }

    /// <summary>A server of TLS 1.3, and of TLS 1.2 beside it: the default.</summary>
    public static TlsServer Server13(TimeProvider time, Action<TlsServerOptions>? configure = null) => Server(time, options =>
    {
        options.Protocols = SslProtocols.None;
        configure?.Invoke(options);
    });

    /// <summary>A client of TLS 1.3, and of TLS 1.2 beside it: the default.</summary>
    public static TlsClient Client13(TimeProvider time, Action<TlsClientOptions>? configure = null) => Client(time, options =>
    {
        options.Protocols = SslProtocols.None;
        configure?.Invoke(options);
    });

    /// <summary>A server with a session cache of its own.</summary>
    public static void WithSessionCache(TlsServerOptions options) => options.SessionCache = new MemorySessionCache(timeProvider: options.TimeProvider);
}
