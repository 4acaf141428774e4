using System.Net.Security;
using System.Security.Authentication;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu;

/// <summary>
/// What a client said of itself in its ClientHello (RFC 5246 §7.4.1.2), for an application that chooses a certificate or a policy by it. It is a copy: it may be
/// kept, and is safe to use from any thread.
/// </summary>
/// <remarks>Nothing in it has been proven. Numbers that no name of an enumeration stands for, those of GREASE (RFC 8701) among them, are in the lists as they came.</remarks>
public sealed class ClientHelloInfo
{
    /// <param name="hello">What came.</param>
    /// <param name="keepHello">Its memory is nobody else's.</param>
    internal ClientHelloInfo(ClientHello hello, bool keepHello = false)
    {
        Hello = keepHello ? hello : null;
        ServerName = hello.ServerName;
        ApplicationProtocols = Names(hello.ApplicationProtocols);
        CipherSuites = Values<TlsCipherSuite>(hello.CipherSuites, static value => (TlsCipherSuite)value);
        SignatureSchemes = Values<SignatureScheme>(hello.SignatureAlgorithms, static value => (SignatureScheme)value);
        SupportedGroups = Values<NamedGroup>(hello.SupportedGroups, static value => (NamedGroup)value);
        SupportedVersions = Versions(hello);
    }

    /// <summary>The host that the client wants to talk to (RFC 6066 §3), exactly as it was sent: case is not folded. Null if it sent none.</summary>
    public string? ServerName { get; }

    /// <summary>The application protocols that the client offers (RFC 7301), in its order of preference; empty if it offers none.</summary>
    public IReadOnlyList<SslApplicationProtocol> ApplicationProtocols { get; }

    /// <summary>The cipher suites that the client offers, in its order of preference, signalling values among them.</summary>
    public IReadOnlyList<TlsCipherSuite> CipherSuites { get; }

    /// <summary>The signature schemes that the client can verify (RFC 5246 §7.4.1.4.1), in its order of preference; empty if it did not say.</summary>
    public IReadOnlyList<SignatureScheme> SignatureSchemes { get; }

    /// <summary>The groups that the client offers for the key exchange (RFC 8422 §5.1.1), in its order of preference; empty if it did not say.</summary>
    public IReadOnlyList<NamedGroup> SupportedGroups { get; }

    /// <summary>
    /// Which of TLS 1.2 and TLS 1.3 the client offers: by supported_versions (RFC 8446 §4.2.1), or without that extension by client_version.
    /// <see cref="SslProtocols.None"/> if neither. Older versions are not reported.
    /// </summary>
    public SslProtocols SupportedVersions { get; }

    /// <summary>The whole of it; null if this was made within a handshake.</summary>
    internal ClientHello? Hello { get; }

    private static SslApplicationProtocol[] Names(ProtocolNameList? names)
    {
        if (names is not { } list)
        {
            return [];
        }

        var result = new SslApplicationProtocol[list.Count];
        var i = 0;
        foreach (var name in list)
        {
            result[i++] = new SslApplicationProtocol(name.ToArray());
        }

        return result;
    }

    private static T[] Values<T>(UInt16List? values, Func<ushort, T> convert)
    {
        var list = values ?? default;
        var result = new T[list.Count];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = convert(list[i]);
        }

        return result;
    }

#pragma warning disable CA5397 // TLS 1.2 is what this library speaks, and here it only says what the client offers.
    private static SslProtocols Versions(ClientHello hello)
    {
        if (hello.SupportedVersions is not { } versions)
        {
            // RFC 8446 §4.2.1: without the extension the answer is TLS 1.2 or before, "even if ClientHello.legacy_version is 0x0304 or later".
            return hello.LegacyVersion >= (ushort)TlsVersion.Tls12 ? SslProtocols.Tls12 : SslProtocols.None;
        }

        var result = SslProtocols.None;
        result |= versions.Contains((ushort)TlsVersion.Tls12) ? SslProtocols.Tls12 : SslProtocols.None;
        result |= versions.Contains((ushort)TlsVersion.Tls13) ? SslProtocols.Tls13 : SslProtocols.None;
        return result;
    }
#pragma warning restore CA5397
}
