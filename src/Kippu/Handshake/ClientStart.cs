using System.Net;
using Kippu.Alerts;
using Kippu.Certificates;
using Kippu.Records;
using Kippu.Resumption;
using Kippu.Wire;
using Kippu.Wire.Extensions;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>The client's hello, with the session it offers, and the ServerHello that answers it: from there a version's own handshake goes on.</summary>
internal sealed class ClientStart : IHandshake
{
    private readonly ClientPolicy _policy;
    private readonly HandshakeChannel _channel;
    private ClientOffer? _offer;
    private CipherSuite? _retrySuite;

    private ClientStart(ClientPolicy policy, HandshakeChannel channel, ClientOffer offer)
    {
        _policy = policy;
        _channel = channel;
        _offer = offer;
    }

    private bool Offers13 => _policy.Versions.Contains(TlsVersion.Tls13);

    public static ClientStart SendHello(ClientPolicy policy, TlsTarget target, EarlyDataWish wish, HandshakeChannel channel)
    {
        var serverName = ServerNameOf(target);
        var key = ClientSessionKey.Create(policy.SessionPolicyDigest, target.Host, target.Port, serverName, target.Partition);
        var offer = new ClientOffer
        {
            Target = target,
            ServerName = serverName,
            SessionKey = key,
            Session = ClientSessionFinder.Find(policy, target, key, serverName),
            EarlyDataWish = wish,
        };
        var start = new ClientStart(policy, channel, offer);
        offer.Hello = ClientHelloBuilder.First(policy, offer);
        channel.SendHello(offer.Hello, offer.Psk);
        start.BeginEarlyData();
        return start;
    }

    public Action<HandshakeMessage> Handler(HandshakeType type) => type switch
    {
        HandshakeType.ServerHello when _offer is { } offer => message => OnServerHello(message, offer),
        // RFC 5246 §7.4.1.1, for a client that may yet negotiate TLS 1.2: "This message will be ignored by the client if the client is currently negotiating a session."
        HandshakeType.HelloRequest when _offer is not null && _retrySuite is null && _policy.Versions.Contains(TlsVersion.Tls12) => OnHelloRequest,
        _ => throw new TlsFaultException(TlsFault.UnexpectedMessage, $"{type} came where ServerHello was expected"),
    };

    /// <summary>RFC 8446 §5: who offers TLS 1.3 drops it, from its first hello on.</summary>
    public void ReceiveChangeCipherSpec()
    {
        if (!Offers13)
        {
            throw new TlsFaultException(TlsFault.UnexpectedMessage, "ChangeCipherSpec came where ServerHello was expected");
        }
    }

    public void Abandon() => _offer?.Forget(_policy.Sessions);

    public void Dispose() => _offer?.Dispose();

    private void OnHelloRequest(HandshakeMessage message)
    {
        HelloRequest.Parse(message.Body);
        _channel.CountIdleMessage();
    }

    private void BeginEarlyData()
    {
        if (_offer is not { EarlyData: true, Psk: { } psk, Session: { } session } offer)
        {
            return;
        }

        Span<byte> hash = stackalloc byte[psk.HashLength];
        _channel.Transcript.HashBeforeSelection(psk.Hash, default, hash);
        using var traffic = psk.DeriveClientTraffic(session.State.Suite, hash);
        KeyLog13.Early(_policy.Environment.KeyLog, offer.Random, traffic);
        SendCompatibilityChangeCipherSpec(offer);
        _channel.ProtectWrites(Tls13AeadProtection.From(traffic));
        _channel.BeginEarlyData(session.State.MaxEarlyData, session.State.ApplicationProtocol);
    }

    private void OnServerHello(HandshakeMessage message, ClientOffer offer)
    {
        if (Offers13 && HelloRetryRequest.IsIn(message.Body))
        {
            OnHelloRetryRequest(message, offer);
            return;
        }

        var hello = ServerHello.Parse(message.Body);
        var version = ChosenVersion(hello);
        if (version != TlsVersion.Tls13 && offer.EarlyData)
        {
            // RFC 8446 appendix D.3: "A client that attempts to send 0-RTT data MUST fail a connection if it receives a ServerHello with TLS 1.2 or older. It can then
            // retry the connection with 0-RTT disabled": it has no ticket left to try it with.
            _policy.Sessions.RemoveAll(offer.SessionKey);
            throw new TlsFaultException(TlsFault.UnsupportedVersion, "the server chose TLS 1.2 after early data, which it cannot read");
        }

        _channel.NegotiatedVersion = version;
        _offer = null;
        if (version == TlsVersion.Tls13)
        {
            var handshake = new ClientHandshake13(_policy, offer, _channel, _retrySuite);
            _channel.HandOver(handshake);
            handshake.OnServerHello(hello, message);
        }
        else
        {
            CheckDowngrade(hello);
            _channel.Transcript.Append(message.Raw.Span);
            var handshake = new ClientHandshake12(_policy, offer, _channel);
            _channel.HandOver(handshake);
            handshake.OnServerHello(hello);
        }
    }

    private TlsVersion ChosenVersion(ServerHello hello)
    {
        // RFC 8446 §4.2.1: "If the "supported_versions" extension in the ServerHello message contains a version not offered by the client or contains a version prior to
        // TLS 1.3, the client MUST abort the handshake with an "illegal_parameter" alert."
        if (Offers13 && hello.SelectedVersion is { } selected)
        {
            Insist(selected == (ushort)TlsVersion.Tls13, $"selected_version: the server chose 0x{selected:x4}, which was not offered there");
            return TlsVersion.Tls13;
        }

        // §4.1.4: the version of the HelloRetryRequest "MUST be retained in the ServerHello, and a client MUST abort the handshake with an "illegal_parameter" alert".
        Insist(_retrySuite is null, "selected_version: it is not that of the HelloRetryRequest");
        var version = (TlsVersion)hello.Version;
        return hello.SelectedVersion is null && version != TlsVersion.Tls13 && _policy.Versions.Contains(version)
            ? version
            : throw new TlsFaultException(TlsFault.UnsupportedVersion, $"the server chose version 0x{hello.SelectedVersion ?? hello.Version:x4}, which was not offered");
    }

    /// <summary>
    /// RFC 8446 §4.1.3: "TLS 1.3 clients receiving a ServerHello indicating TLS 1.2 or below MUST check that the last 8 bytes are not equal to either of these
    /// values", and "MUST abort the handshake with an "illegal_parameter" alert" if they are.
    /// </summary>
    private void CheckDowngrade(ServerHello hello)
    {
        if (Offers13 && DowngradeSentinel.IsIn(hello.Random.Span))
        {
            throw new TlsFaultException(TlsFault.Downgrade, "the server speaks TLS 1.3, and yet chose TLS 1.2: somebody has changed the hello on its way");
        }
    }

    private void OnHelloRetryRequest(HandshakeMessage message, ClientOffer offer)
    {
        if (_retrySuite is not null)
        {
            // RFC 8446 §4.1.4: "If a client receives a second HelloRetryRequest in the same connection ... it MUST abort the handshake with an "unexpected_message" alert."
            throw new TlsFaultException(TlsFault.UnexpectedMessage, "a second HelloRetryRequest came");
        }

        var request = HelloRetryRequest.Parse(message.Body);
        _retrySuite = CheckRetry(request, offer);
        _channel.InsistOnRecordBoundary();
        _channel.NegotiatedVersion = TlsVersion.Tls13;
        _channel.Transcript.SelectHash(_retrySuite.Hash);
        _channel.Transcript.ReplaceByMessageHash();
        _channel.Transcript.Append(message.Raw.Span);
        if (offer.EarlyData)
        {
            offer.EarlyData = false;
            _channel.RejectEarlyData();
            _channel.ProtectWrites(new ClearProtection());
        }

        SendCompatibilityChangeCipherSpec(offer);
        offer.Hello = ClientHelloBuilder.Second(_policy, offer, request, _retrySuite);
        _channel.SendHello(offer.Hello, offer.Psk);
    }

    /// <summary>RFC 8446 §4.1.4: what the client must check before it answers.</summary>
    private CipherSuite CheckRetry(HelloRetryRequest request, ClientOffer offer)
    {
        // RFC 8446 §9.2: "supported_versions" is mandatory there; §4.2.1 names the alert for a version that was not offered.
        var version = request.SelectedVersion ?? throw new TlsFaultException(TlsFault.MissingExtension, "HelloRetryRequest: supported_versions is not there");
        Insist(version == (ushort)TlsVersion.Tls13, $"selected_version: the server chose 0x{version:x4}, which was not offered there");

        foreach (var type in ExtensionReader.TypesIn(request.ExtensionBlock))
        {
            // RFC 8446 §4.1.4: "A HelloRetryRequest MUST NOT contain any extensions that were not first offered by the client in its ClientHello, with the exception of
            // optionally the "cookie" extension."
            if (type != (ushort)ExtensionType.Cookie && !offer.Hello.ExtensionTypes.Contains(type))
            {
                throw new TlsFaultException(TlsFault.UnsolicitedExtension, $"HelloRetryRequest: extension {type} was not offered");
            }
        }

        var suite = CipherSuite.Find(request.CipherSuite);
        Insist(suite is { Version: TlsVersion.Tls13 } && _policy.CipherSuites.Contains(suite), $"cipher_suite: the server chose 0x{request.CipherSuite:x4}, which was not offered");
        Insist(PublicBytes.AreEqual(request.SessionId.Span, offer.SessionId), "legacy_session_id_echo: it is not that of the hello");
        // "Clients MUST abort the handshake with an "illegal_parameter" alert if the HelloRetryRequest would not result in any change in the ClientHello."
        Insist(request.SelectedGroup is not null || request.Cookie is not null, "HelloRetryRequest: it asks for no change");
        if (request.SelectedGroup is { } group)
        {
            // RFC 8446 §4.2.8: "the selected_group field corresponds to a group which was provided in the "supported_groups" extension in the original ClientHello and
            // ... does not correspond to a group which was provided in the "key_share" extension".
            Insist(_policy.Groups.Contains((NamedGroup)group) && !offer.Shares.Exists(share => (ushort)share.Group == group), $"selected_group: {group} was not offered, or a share of it was sent");
        }

        return suite!;
    }

    private static void Insist(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, otherwise);
        }
    }

    private void SendCompatibilityChangeCipherSpec(ClientOffer offer)
    {
        if (!offer.CompatibilitySent)
        {
            offer.CompatibilitySent = true;
            _channel.SendCompatibilityChangeCipherSpec();
        }
    }

    /// <summary>RFC 6066 §3: "Literal IPv4 and IPv6 addresses are not permitted in "HostName"."</summary>
    private static string? ServerNameOf(TlsTarget target)
    {
        var name = target.ServerName == "" ? "" : HostNames.Normalize(target.ServerName ?? target.Host);
        return name.Length == 0 || IPAddress.TryParse(name, out _) ? null : name;
    }
}
