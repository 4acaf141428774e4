using BenchmarkDotNet.Attributes;
using Kippu.Crypto;

namespace Kippu.Bench.Micro;

/// <summary>The two halves of a key exchange: a fresh key, and the secret it shares with the peer's.</summary>
public class KeyShareBenchmarks
{
    private KeyShare _own = null!;
    private KeyShare _peer = null!;

    [Params(NamedGroup.X25519, NamedGroup.Secp256r1)]
    public NamedGroup Group { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _own = KeyShare.Generate(Group);
        _peer = KeyShare.Generate(Group);
    }

    [Benchmark]
    public void Generate() => KeyShare.Generate(Group).Dispose();

    [Benchmark]
    public void Derive() => _own.DeriveSharedSecret(_peer.PublicKey).Dispose();

    [GlobalCleanup]
    public void Cleanup()
    {
        _own.Dispose();
        _peer.Dispose();
    }
}
