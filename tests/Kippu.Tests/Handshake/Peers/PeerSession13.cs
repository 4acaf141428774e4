using System.Security.Cryptography;
using Kippu.Wire;

namespace Kippu.Tests.Handshake.Peers;

/// <summary>A session of TLS 1.3 as a hostile peer keeps it: it may be offered or resumed in ways that no rule allows.</summary>
internal sealed record PeerSession13
{
    public required CipherSuite Suite { get; init; }

    public required byte[] Psk { get; init; }

    public required byte[] Ticket { get; init; }

    public uint AgeAdd { get; init; }

    /// <summary>The age that is stated.</summary>
    public TimeSpan Age { get; init; }

    public HashAlgorithmName Hash => Suite.Hash;

    public PskIdentity Identity => new(Ticket, PskIdentity.Obfuscate(Age, AgeAdd));

    /// <summary>A session that nobody gave, under a secret of its own, with a ticket that is none.</summary>
    public static PeerSession13 Invented(CipherSuite suite) => new() { Suite = suite, Psk = new byte[suite.HashLength], Ticket = RandomNumberGenerator.GetBytes(200) };
}
