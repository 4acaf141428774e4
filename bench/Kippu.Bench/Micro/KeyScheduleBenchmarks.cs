using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Kippu.Crypto;
using Kippu.KeySchedule;
using Kippu.Wire;

namespace Kippu.Bench.Micro;

/// <summary>The PRF, and what a handshake derives by it from a master secret at hand.</summary>
public class KeyScheduleBenchmarks
{
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(48);
    private readonly byte[] _clientRandom = RandomNumberGenerator.GetBytes(32);
    private readonly byte[] _serverRandom = RandomNumberGenerator.GetBytes(32);
    private readonly byte[] _verifyData = new byte[12];
    private readonly CipherSuite _suite = CipherSuite.Find(0xC02B)!;
    private readonly byte[] _keyBlock = new byte[40];
    private HmacKey _hmac = null!;

    [GlobalSetup]
    public void Setup() => _hmac = new HmacKey(HashAlgorithmName.SHA256, _secret);

    [Benchmark]
    public void KeyBlock() => Prf.Compute(_hmac, "key expansion"u8, _serverRandom, _clientRandom, _keyBlock);

    [Benchmark]
    public void VerifyData() => Prf.Compute(_hmac, "server finished"u8, _clientRandom, default, _verifyData);

    /// <summary>All that an abbreviated handshake derives: the key block and two Finished.</summary>
    [Benchmark]
    public void ResumedHandshake()
    {
        using var master = MasterSecret12.Resume(_suite, _secret);
        using var keys = master.ExpandKeys(_clientRandom, _serverRandom);
        master.VerifyData(client: false, _clientRandom, _verifyData);
        master.VerifyData(client: true, _serverRandom, _verifyData);
    }

    [Benchmark]
    public void ExtendedMasterSecret() => MasterSecret12.DeriveExtended(_suite, _clientRandom, _serverRandom).Dispose();

    [GlobalCleanup]
    public void Cleanup() => _hmac.Dispose();
}
