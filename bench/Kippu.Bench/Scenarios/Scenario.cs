using System.Globalization;
using System.Net.Security;

namespace Kippu.Bench.Scenarios;

/// <summary>One kind of handshake, and a server and a client that make nothing else: AES-128-GCM, one certificate, the groups that the name says.</summary>
/// <param name="Name">Of the case.</param>
/// <param name="Kind">How its handshakes end up.</param>
/// <param name="IsRsa">The certificate: RSA-2048, or ECDSA P-256.</param>
/// <param name="Group">X25519 (then offered before P-256), or P-256 alone.</param>
/// <param name="IsTls13">TLS 1.3, in which every handshake issues tickets, as many as by default.</param>
internal sealed record Scenario(string Name, HandshakeKind Kind, bool IsRsa = false, NamedGroup Group = NamedGroup.X25519, bool IsTls13 = false)
{
    /// <summary>The scenario with that name in the table of <c>bench-peers</c>; null if it is not one of a handshake.</summary>
    public static Scenario? Find(string name) => name switch
    {
        "t12-full-ecdsa-x25519" => new(name, HandshakeKind.Full),
        "t12-full-ecdsa-p256" => new(name, HandshakeKind.Full, Group: NamedGroup.Secp256r1),
        "t12-full-rsa-x25519" => new(name, HandshakeKind.Full, IsRsa: true),
        "t12-ticket" => new(name, HandshakeKind.Ticket),
        "t12-ticket-renew" => new(name, HandshakeKind.RenewedTicket),
        "t12-sid" => new(name, HandshakeKind.SessionId),
        "t13-full-ecdsa-x25519" => new(name, HandshakeKind.Full, IsTls13: true),
        "t13-psk-x25519" => new(name, HandshakeKind.Ticket, IsTls13: true),
        _ => null,
    };

    private TlsCipherSuite Suite => IsTls13 ? TlsCipherSuite.TLS_AES_128_GCM_SHA256 : IsRsa ? TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 : TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;

    public TlsServer CreateServer(Identity identity)
    {
        var options = new TlsServerOptions
        {
            Tickets = new TicketOptions
            {
                Enabled = Kind != HandshakeKind.SessionId,
                Renewal = Kind == HandshakeKind.RenewedTicket ? TicketRenewal.Always : TicketRenewal.Never,
            },
            SessionCache = Kind == HandshakeKind.SessionId ? new MemorySessionCache() : null,
        };
        options.Credentials.Add(IsRsa ? identity.Rsa : identity.Ecdsa);
        options.CipherSuites.Add(Suite);
        AddGroups(options.Groups);
        return new TlsServer(options);
    }

    public TlsClient CreateClient(Identity identity)
    {
        var options = new TlsClientOptions
        {
            UseTickets = Kind != HandshakeKind.SessionId,
            // Each full handshake verifies the chain anew, like the other stacks, although a client of ours need not.
            ServerVerification = new CertificateVerificationOptions { CustomTrustRoots = [identity.Ca], ReuseAcceptanceFor = TimeSpan.Zero },
        };
        options.CipherSuites.Add(Suite);
        AddGroups(options.Groups);
        return new TlsClient(options);
    }

    /// <summary>Whom the client's connection number <paramref name="number"/> is for: in full handshakes a partition of its own, in which there is no session.</summary>
    public TlsTarget Target(Identity identity, long number) => new(identity.Host)
    {
        Partition = Kind == HandshakeKind.Full ? number.ToString(CultureInfo.InvariantCulture) : "",
    };

    /// <summary>A run is void if a handshake was not what its scenario says.</summary>
    /// <returns>Whether it was resumed.</returns>
    public bool Check(TlsConnectionInfo server, TlsConnectionInfo client)
    {
        var resumed = server.IsResumed && client.IsResumed;
        if (server.CipherSuite != Suite || ((IsTls13 || !resumed) && server.Group != Group))
        {
            throw new InvalidOperationException($"{Name}: negotiated {server.CipherSuite} and {server.Group}");
        }

        if (server.NewTicket != (IsTls13 || (resumed ? Kind == HandshakeKind.RenewedTicket : Kind != HandshakeKind.SessionId)))
        {
            throw new InvalidOperationException($"{Name}: a ticket was {(server.NewTicket ? "" : "not ")}issued");
        }

        return resumed;
    }

    private void AddGroups(IList<NamedGroup> groups)
    {
        if (Group == NamedGroup.X25519)
        {
            groups.Add(NamedGroup.X25519);
        }

        groups.Add(NamedGroup.Secp256r1);
    }
}
