using System.Net.Security;
using Kippu.InteropTests.Peers;
using Xunit;

namespace Kippu.InteropTests.Tls13;

/// <summary>One kind of TLS 1.3 handshake, or two in a row. Our side allows nothing else, so the peer must follow.</summary>
internal sealed record Case13(string Name)
{
    /// <summary>No client sends a share of it unasked, nor has our client or a server of these tests reason to take it.</summary>
    public const NamedGroup RetryGroup = NamedGroup.Secp384r1;

    public static Case13 RetriedAndResumed { get; } = new("HelloRetryRequest, then resumed across another") { IsRetried = true, Group = RetryGroup, Connections = 2 };

    public static IReadOnlyList<Case13> All { get; } =
    [
        new($"{TlsCipherSuite.TLS_AES_128_GCM_SHA256}, then resumed") { Suite = TlsCipherSuite.TLS_AES_128_GCM_SHA256, Connections = 2 },
        new($"{TlsCipherSuite.TLS_AES_256_GCM_SHA384}, then resumed") { Suite = TlsCipherSuite.TLS_AES_256_GCM_SHA384, Connections = 2 },
        new($"{TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256}, then resumed") { Suite = TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, Connections = 2 },
        new("RSA certificate, then resumed") { Server = PeerPki.Rsa, Connections = 2 },
        new("ECDSA P-384 certificate") { Server = PeerPki.EcdsaP384 },
        new("ECDSA P-521 certificate") { Server = PeerPki.EcdsaP521 },
        .. Suites.Groups.Select(group => new Case13($"group {group}") { Group = group }),
        new("ALPN http/1.1") { Alpn = true },
        new("client certificate, ECDSA, then resumed") { Client = PeerPki.ClientEcdsa, Requirement = ClientCertificateRequirement.Required, Connections = 2 },
        new("client certificate, RSA") { Client = PeerPki.ClientRsa, Requirement = ClientCertificateRequirement.Required },
        new("client certificate optional, none sent") { Requirement = ClientCertificateRequirement.Optional },
        RetriedAndResumed,
    ];

    public TlsCipherSuite? Suite { get; private init; }

    public NamedGroup? Group { get; private init; }

    public PeerCredential Server { get; private init; } = PeerPki.Ecdsa;

    public PeerCredential? Client { get; private init; }

    public ClientCertificateRequirement Requirement { get; private init; }

    public bool Alpn { get; private init; }

    /// <summary>The server takes <see cref="RetryGroup"/> alone, and the client's first hello has no share of it.</summary>
    public bool IsRetried { get; private init; }

    public int Connections { get; private init; } = 1;

    /// <summary>What must hold by the capture, by our side and, where it has a verdict, by the peer's.</summary>
    public void Check(IReadOnlyList<SeenHandshake13> seen, IReadOnlyList<TlsConnectionInfo> ours, IReadOnlyList<PeerWords> words)
    {
        for (var number = 0; number < Connections; number++)
        {
            Assert.True(seen[number].IsTls13, $"{Name}: {seen[number].Words}");
            Assert.Equal(number > 0, seen[number].IsResumed);
            Assert.Equal(number > 0, words[number].Resumed ?? (number > 0));
            Assert.Equal(number > 0 ? ResumptionKind.Psk : ResumptionKind.None, ours[number].Resumption);
            Assert.Equal(seen[number].IsRetried, ours[number].RetriedHello);

            // A single group may be one of which a foreign client sends no share unasked.
            Assert.True(Group is not null || !seen[number].IsRetried, $"{Name}: {seen[number].Words}");
            Assert.True(!IsRetried || seen[number].IsRetried, $"{Name}: {seen[number].Words}");
            Assert.Equal(seen[number].CipherSuite, (ushort)ours[number].CipherSuite);
            Assert.Equal((ushort)(Suite ?? ours[number].CipherSuite), seen[number].CipherSuite);
            Assert.Equal((ushort?)(Group ?? ours[number].Group), seen[number].Group);
        }
    }

    /// <summary>What to quote from a peer about it.</summary>
    public string Quote(IReadOnlyList<PeerWords> words)
    {
        var special = this switch
        {
            { Alpn: true } => words[0].Alpn,
            { Requirement: not ClientCertificateRequirement.None } => words[^1].ClientCertificate,
            { Suite: not null } => words[0].Suite == words[0].Session ? null : words[0].Suite,
            { Connections: 1 } => words[0].Group,
            _ => null,
        };
        IEnumerable<string?> quotes = [.. words.Select(word => word.Session), special];
        return string.Join(" ", quotes.OfType<string>().Distinct().Select(quote => $"`{quote.Trim()}`"));
    }

    public override string ToString() => Name;
}
