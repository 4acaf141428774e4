using BenchmarkDotNet.Attributes;
using Kippu.Bench.Scenarios;

namespace Kippu.Bench.Micro;

/// <summary>A whole connection, both sides and without I/O: handshake, one byte, dispose. <c>compare</c> and <c>peers</c> tell the sides apart.</summary>
public class HandshakeBenchmarks
{
    private Identity _identity = null!;
    private SansIoLink _link = null!;

    [Params("t12-full-ecdsa-x25519", "t12-ticket", "t12-ticket-renew", "t12-sid")]
    public string Handshake { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _identity = Identity.Create();
        _link = new SansIoLink(Scenario.Find(Handshake)!, _identity);
        _link.Once();
    }

    [Benchmark]
    public void Connection() => _link.Once();

    [GlobalCleanup]
    public void Cleanup() => _identity.Dispose();
}
