using System.Net;
using System.Security.Cryptography.X509Certificates;
using Kippu.Alerts;
using Kippu.Certificates;
using Kippu.Crypto;
using Kippu.Resumption;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Handshake;

/// <summary>The client's hello, with the session it offers, and the ServerHello that answers it: from there a version's own handshake goes on.</summary>
internal sealed class ClientStart : IHandshake
{
    private readonly ClientPolicy _policy;
    private readonly HandshakeChannel _channel;
    private ClientOffer? _offer;

    private ClientStart(ClientPolicy policy, HandshakeChannel channel, ClientOffer offer)
    {
        _policy = policy;
        _channel = channel;
        _offer = offer;
    }

    public static ClientStart SendHello(ClientPolicy policy, TlsTarget target, HandshakeChannel channel)
    {
        var serverName = ServerNameOf(target);
        var key = ClientSessionKey.Create(policy.SessionPolicyDigest, target.Host, target.Port, serverName, target.Partition);
        var session = FindSession(policy, target, key, serverName);
        var hello = Hello(policy, serverName, session);
        channel.Send(hello);
        return new ClientStart(policy, channel, new ClientOffer
        {
            Target = target,
            Random = hello.Random.ToArray(),
            SessionId = hello.SessionId.ToArray(),
            ServerName = serverName,
            SessionKey = key,
            Session = session,
            ExtensionTypes = hello.ExtensionTypes,
        });
    }

    public void Receive(HandshakeMessage message)
    {
        switch (message.Type)
        {
            case HandshakeType.ServerHello when _offer is not null: OnServerHello(message); break;
            // RFC 5246 §7.4.1.1: "This message will be ignored by the client if the client is currently negotiating a session."
            case HandshakeType.HelloRequest when _offer is not null: HelloRequest.Parse(message.Body); break;
            default: throw new TlsFaultException(PeerFault.UnexpectedMessage, $"{message.Type} came where ServerHello was expected");
        }
    }

    public void ReceiveChangeCipherSpec() =>
        throw new TlsFaultException(PeerFault.UnexpectedMessage, "ChangeCipherSpec came where ServerHello was expected");

    public void Abandon() => _offer?.Forget(_policy.Sessions);

    public void Dispose() => _offer?.Dispose();

    private void OnServerHello(HandshakeMessage message)
    {
        var hello = ServerHello.Parse(message.Body);
        if (hello.Version != (ushort)TlsVersion.Tls12 || hello.SelectedVersion is not null)
        {
            throw new TlsFaultException(PeerFault.UnsupportedVersion, $"the server chose version 0x{hello.SelectedVersion ?? hello.Version:x4}; TLS 1.2 (0x0303) was offered");
        }

        _channel.NegotiatedVersion = TlsVersion.Tls12;
        _channel.Transcript.Append(message.Raw.Span);
        var handshake = new ClientHandshake12(_policy, _offer!, _channel);
        _offer = null;
        _channel.HandOver(handshake);
        handshake.OnServerHello(hello);
    }

    /// <summary>RFC 6066 §3: "Literal IPv4 and IPv6 addresses are not permitted in "HostName"."</summary>
    private static string? ServerNameOf(TlsTarget target)
    {
        var name = target.ServerName == "" ? "" : HostNames.Normalize(target.ServerName ?? target.Host);
        return name.Length == 0 || IPAddress.TryParse(name, out _) ? null : name;
    }

    private static ClientSession? FindSession(ClientPolicy policy, TlsTarget target, ClientSessionKey key, string? serverName)
    {
        if (!policy.UseTickets && !policy.UseSessionIds)
        {
            return null;
        }

        var session = policy.Sessions.Find(key, policy.Time.GetUtcNow());
        if (session is null)
        {
            return null;
        }

        var usable = session.State.Version == TlsVersion.Tls12
            && (session.Ticket.Length > 0 ? policy.UseTickets : policy.UseSessionIds)
            && session.Ticket.Length <= ClientSession.MaxTicketLength
            && policy.CipherSuites.Contains(session.State.Suite)
            // RFC 6066 §3: a client that resumes sends the name of the session it resumes.
            && string.Equals(session.State.ServerName, serverName, StringComparison.Ordinal)
            // RFC 7627 §5.3: "The client SHOULD NOT offer an abbreviated handshake to resume a session that does not use an extended master secret."
            && session.State.ExtendedMasterSecret
            && IsForHost(policy, target, key, session);
        if (usable)
        {
            return session;
        }

        session.Dispose();
        return null;
    }

    /// <summary>An imported session says which certificate it rests on, but nobody here has looked whether that is for this host (RFC 8446 §4.6.1).</summary>
    private static bool IsForHost(ClientPolicy policy, TlsTarget target, ClientSessionKey key, ClientSession session)
    {
        if (session.IsServerNameChecked || session.State.PeerVerification != PeerVerification.Verified)
        {
            return true;
        }

        if (session.State.PeerCertificate is not { } der)
        {
            return false;
        }

        using var certificate = X509CertificateLoader.LoadCertificate(der);
        if (!certificate.MatchesHostname(HostNames.Normalize(target.Host), allowWildcards: true, allowCommonName: false))
        {
            return false;
        }

        policy.Sessions.MarkServerNameChecked(key, session);
        return true;
    }

    private static ClientHello Hello(ClientPolicy policy, string? serverName, ClientSession? session) => new()
    {
        LegacyVersion = (ushort)TlsVersion.Tls12,
        Random = PublicRandom.GetBytes(ClientHello.RandomLength),
        SessionId = session is null ? default : session.Ticket.Length > 0 ? PublicRandom.GetBytes(ClientHello.MaxSessionIdLength) : session.SessionId,
        CipherSuites = UInt16List.Of([.. policy.CipherSuites.Select(suite => (ushort)suite.Id)]),
        ServerName = serverName,
        SupportedGroups = UInt16List.Of([.. policy.Groups.Select(group => (ushort)group)]),
        EcPointFormats = s_pointFormats,
        SignatureAlgorithms = Preferences.ToList(policy.SignatureSchemes),
        ApplicationProtocols = policy.ApplicationProtocols.Count == 0 ? null : ProtocolNameList.Of(policy.ApplicationProtocols),
        SessionTicket = policy.UseTickets ? session?.Ticket ?? ReadOnlyMemory<byte>.Empty : default(ReadOnlyMemory<byte>?),
        // RFC 7627 §5.2: "the client MUST send the "extended_master_secret" extension in its ClientHello", also when it resumes (§5.3).
        ExtendedMasterSecret = true,
        // RFC 5746 §3.4: "The client MUST include either an empty "renegotiation_info" extension, or the TLS_EMPTY_RENEGOTIATION_INFO_SCSV".
        RenegotiationInfo = ReadOnlyMemory<byte>.Empty,
        RecordSizeLimit = (ushort?)policy.Environment.RecordSizeLimit,
    };

    private static readonly byte[] s_pointFormats = [0];
}
