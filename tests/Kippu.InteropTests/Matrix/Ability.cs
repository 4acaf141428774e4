using System.Net.Security;
using Kippu.InteropTests.Capture;
using Kippu.InteropTests.Peers;
using Xunit;

namespace Kippu.InteropTests.Matrix;

/// <summary>Something that one handshake can be made of: a suite, a group, a signature scheme, a client certificate. Our side allows nothing else, so the peer must follow.</summary>
internal sealed record Ability(string Name)
{
    private static readonly TlsCipherSuite s_usualRsa = TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256;

    public static IReadOnlyList<Ability> All { get; } =
    [
        .. Suites.All.Select(suite => new Ability($"{suite}") { Suite = suite, Server = Suites.IsRsa(suite) ? PeerPki.Rsa : PeerPki.Ecdsa }),

        // With an RSA certificate: many ask that the curve of an ECDSA one be among the groups too (RFC 8422 §5.1).
        .. Suites.Groups.Select(group => new Ability($"group {group}") { Group = group, Suite = s_usualRsa, Server = PeerPki.Rsa }),
        .. Enum.GetValues<SignatureScheme>().Order().Select(scheme => new Ability($"signature {scheme}") { Scheme = scheme }.WithFittingServer(scheme)),
        new("ALPN http/1.1") { Alpn = true },
        new("TLS 1.3 on the other side too, resumed") { AllVersions = true, Connections = 2 },
        new("client certificate, ECDSA") { Client = PeerPki.ClientEcdsa, Requirement = ClientCertificateRequirement.Required },
        new("client certificate, RSA") { Client = PeerPki.ClientRsa, Requirement = ClientCertificateRequirement.Required },
        new("client certificate optional, none sent") { Requirement = ClientCertificateRequirement.Optional },
        new("client certificate, resumed by ticket") { Client = PeerPki.ClientEcdsa, Requirement = ClientCertificateRequirement.Required, Connections = 2 },
    ];

    public TlsCipherSuite Suite { get; private init; } = Suites.Usual;

    public NamedGroup? Group { get; private init; }

    public SignatureScheme? Scheme { get; private init; }

    public PeerCredential Server { get; private init; } = PeerPki.Ecdsa;

    public PeerCredential? Client { get; private init; }

    public ClientCertificateRequirement Requirement { get; private init; }

    /// <summary>Both sides name http/1.1.</summary>
    public bool Alpn { get; private init; }

    /// <summary>The peer speaks TLS 1.3 too: its hello is another, and a server marks its random (RFC 8446 §4.1.3).</summary>
    public bool AllVersions { get; private init; }

    public int Connections { get; private init; } = 1;

    /// <summary>The capture must show it; a peer with a verdict on resumption must agree.</summary>
    public void Check(IReadOnlyList<SeenHandshake> seen, IReadOnlyList<PeerWords> words)
    {
        Assert.True(seen.All(handshake => handshake.Pattern != "no ServerHello"), $"{Name}: no ServerHello");
        Assert.Equal((ushort)Suite, seen[0].CipherSuite);
        if (Group is { } group)
        {
            Assert.Equal((ushort)group, seen[0].NamedCurve);
        }

        if (Scheme is { } scheme)
        {
            Assert.Equal((ushort)scheme, seen[0].SignatureScheme);
        }

        Assert.Equal(Requirement != ClientCertificateRequirement.None, seen[0].CertificateRequested);
        Assert.Equal(Client is not null, seen[0].ClientSentCertificate);
        Assert.Equal(Alpn && IsAlpnOffered(seen[0]), seen[0].ServerExtensions.ContainsKey(ExtensionNumbers.Alpn));
        Assert.Equal(Connections == 2, seen[^1].IsResumed);
        Assert.Equal(Connections == 2, words[^1].Resumed ?? (Connections == 2));
    }

    /// <summary>What to quote from a peer about it.</summary>
    public string Quote(PeerWords words, SeenHandshake seen)
    {
        var word = this switch
        {
            { Group: not null } => words.Group,
            { Scheme: not null } => words.Signature,
            { Alpn: true } => words.Alpn,
            { AllVersions: true } => words.Session,
            { Requirement: not ClientCertificateRequirement.None } => words.ClientCertificate,
            _ => words.Suite,
        };
        return (word, this) switch
        {
            (_, { Alpn: true }) when !IsAlpnOffered(seen) => $"— cannot offer it. tshark: its `Client Hello` has the extensions {Evidence.List(seen.ClientExtensions)}, not {ExtensionNumbers.Alpn}",
            (not null, _) => $"`{word.Trim()}`",
            (_, { Group: not null }) => $"tshark: Named Curve `0x{seen.NamedCurve:x4}`",
            (_, { Scheme: not null }) => $"tshark: Signature Algorithm `0x{seen.SignatureScheme:x4}`",
            (_, { Connections: 1, Requirement: not ClientCertificateRequirement.None }) => $"`{words.Session}` tshark: → `{seen.ClientsAnswer}`",
            _ => $"`{words.Session}`",
        };
    }

    /// <summary>Does something, and says in a failure what it was about.</summary>
    public async Task<T> NamingItAsync<T>(Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{Name}: {failure.Message}", failure);
        }
    }

    public override string ToString() => Name;

    private static bool IsAlpnOffered(SeenHandshake seen) => seen.ClientExtensions.ContainsKey(ExtensionNumbers.Alpn);

    private Ability WithFittingServer(SignatureScheme scheme) => scheme switch
    {
        SignatureScheme.EcdsaSecp256r1Sha256 => this,
        SignatureScheme.EcdsaSecp384r1Sha384 => this with { Server = PeerPki.EcdsaP384 },
        SignatureScheme.EcdsaSecp521r1Sha512 => this with { Server = PeerPki.EcdsaP521 },
        _ => this with { Server = PeerPki.Rsa, Suite = s_usualRsa },
    };
}
