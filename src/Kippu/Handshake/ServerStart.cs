using Kippu.Alerts;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>The first ClientHello: which version, which host. From here on a version's own handshake goes on.</summary>
internal sealed class ServerStart(ServerPolicy policy, HandshakeChannel channel) : IHandshake
{
    private bool _helloSeen;

    public void Receive(HandshakeMessage message)
    {
        if (message.Type != HandshakeType.ClientHello || _helloSeen)
        {
            throw new TlsFaultException(PeerFault.UnexpectedMessage, $"{message.Type} came where ClientHello was expected");
        }

        _helloSeen = true;
        OnClientHello(message);
    }

    public void ReceiveChangeCipherSpec() =>
        throw new TlsFaultException(PeerFault.UnexpectedMessage, "ChangeCipherSpec came where ClientHello was expected");

    public void Abandon()
    {
    }

    public void Dispose()
    {
    }

    private void OnClientHello(HandshakeMessage message)
    {
        var hello = ClientHello.Parse(message.Body);
        CheckVersion(hello);
        channel.Transcript.Append(message.Raw.Span);
        if (policy.HostSelector is { } selector)
        {
            channel.Ask(new HostQuestion(channel.Owner, new ClientHelloInfo(hello), selector, host => Begin(hello, host?.Policy ?? policy.Hosts.Default)));
            return;
        }

        Begin(hello, policy.Hosts.Find(hello.ServerName));
    }

    private void Begin(ClientHello hello, HostPolicy host)
    {
        channel.NegotiatedVersion = TlsVersion.Tls12;
        var handshake = new ServerHandshake12(policy, host, channel);
        channel.HandOver(handshake);
        handshake.OnClientHello(hello);
    }

    /// <summary>RFC 5246 appendix E.1: the server answers with the highest version both speak. RFC 8446 §4.2.1: supported_versions, where it is sent, decides alone.</summary>
    private static void CheckVersion(ClientHello hello)
    {
        var acceptable = hello.SupportedVersions is { } versions ? versions.Contains((ushort)TlsVersion.Tls12) : hello.LegacyVersion >= (ushort)TlsVersion.Tls12;
        if (!acceptable)
        {
            throw new TlsFaultException(PeerFault.UnsupportedVersion, $"the client offers no protocol version of this server (client_version 0x{hello.LegacyVersion:x4}); TLS 1.2 is needed");
        }
    }
}
