using Kippu.Alerts;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>The first ClientHello: which version, which host. From here on a version's own handshake goes on.</summary>
internal sealed class ServerStart(ServerPolicy policy, HandshakeChannel channel) : IHandshake
{
    private const ushort FallbackScsv = 0x5600;

    private bool _helloSeen;

    public Action<HandshakeMessage> Handler(HandshakeType type) => type == HandshakeType.ClientHello && !_helloSeen
        ? OnClientHello
        : throw new TlsFaultException(TlsFault.UnexpectedMessage, $"{type} came where ClientHello was expected");

    public void ReceiveChangeCipherSpec() =>
        throw new TlsFaultException(TlsFault.UnexpectedMessage, "ChangeCipherSpec came where ClientHello was expected");

    public void Dispose()
    {
    }

    private void OnClientHello(HandshakeMessage message)
    {
        _helloSeen = true;
        var hello = ClientHello.Parse(message.Body);
        var version = ChooseVersion(hello);
        if (policy.HostSelector is { } selector)
        {
            channel.Ask(new HostQuestion(channel.Owner, new ClientHelloInfo(hello), selector, host => Begin(version, hello, message, host?.For(policy) ?? policy.Hosts.Default)));
            return;
        }

        Begin(version, hello, message, policy.Hosts.Find(hello.ServerName));
    }

    private void Begin(TlsVersion version, ClientHello hello, HandshakeMessage message, HostPolicy host)
    {
        channel.NegotiatedVersion = version;
        if (version == TlsVersion.Tls13)
        {
            var handshake = new ServerHandshake13(policy, host, channel);
            channel.HandOver(handshake);
            handshake.OnClientHello(hello, message);
        }
        else
        {
            channel.Transcript.Append(message.Raw.Span);
            var handshake = new ServerHandshake12(policy, host, channel);
            channel.HandOver(handshake);
            handshake.OnClientHello(hello);
        }
    }

    /// <summary>The first of our versions that the client offers. RFC 8446 §4.2.1: supported_versions, where it is sent, decides alone.</summary>
    private TlsVersion ChooseVersion(ClientHello hello)
    {
        foreach (var version in policy.Versions)
        {
            if (Offers(hello, version))
            {
                return CheckFallback(hello, version);
            }
        }

        throw new TlsFaultException(
            TlsFault.UnsupportedVersion,
            $"the client offers {Offered(hello)} only; this server speaks {string.Join(" and ", policy.Versions.Select(version => NameOf((ushort)version)))}");
    }

    private static string Offered(ClientHello hello)
    {
        ushort[] offered = hello.SupportedVersions is { } versions ? [.. versions] : [hello.LegacyVersion];
        var known = offered.Where(version => version is >= 0x0300 and <= 0x0304).Select(NameOf).ToArray();
        return known.Length > 0 ? string.Join(", ", known) : "versions that are not known here";
    }

    private static string NameOf(ushort version) => version == 0x0300 ? "SSL 3.0" : $"TLS 1.{version - 0x0301}";

    private static bool Offers(ClientHello hello, TlsVersion version) => hello.SupportedVersions is { } versions
        ? versions.Contains((ushort)version)
        // RFC 5246 appendix E.1: client_version is the highest that the client speaks; TLS 1.3 is never named there.
        : version == TlsVersion.Tls12 && hello.LegacyVersion >= (ushort)TlsVersion.Tls12;

    /// <summary>
    /// RFC 7507 §3: "If TLS_FALLBACK_SCSV appears in ClientHello.cipher_suites and the highest protocol version supported by the server is higher than the
    /// version indicated in ClientHello.client_version, the server MUST respond with a fatal inappropriate_fallback alert".
    /// </summary>
    private TlsVersion CheckFallback(ClientHello hello, TlsVersion version) => version < policy.Versions[0] && hello.CipherSuites.Contains(FallbackScsv)
        ? throw new TlsFaultException(TlsFault.InappropriateFallback, "the hello is a fallback (TLS_FALLBACK_SCSV), but this server speaks a newer version")
        : version;
}
