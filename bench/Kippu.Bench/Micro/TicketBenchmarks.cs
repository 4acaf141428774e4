using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Kippu.Crypto;
using Kippu.Resumption;
using Kippu.Wire;

namespace Kippu.Bench.Micro;

/// <summary>A ticket sealed and opened, policy and ring included.</summary>
public class TicketBenchmarks
{
    private InProcessRing _ring = null!;
    private TicketService _tickets = null!;
    private SessionState _state = null!;
    private byte[] _ticket = null!;

    [GlobalSetup]
    public void Setup()
    {
        _ring = new InProcessRing();
        _tickets = new TicketService(new TicketOptions(), new SessionScope(new ScopePolicy { Name = "bench" }), _ring);
        var secret = new SecretBytes(48);
        RandomNumberGenerator.Fill(secret.Span);
        _state = new SessionState
        {
            Version = TlsVersion.Tls12,
            Suite = CipherSuite.Find(0xC02B)!,
            Secret = secret,
            ExtendedMasterSecret = true,
            ServerName = "www.bench.example",
            ApplicationProtocol = "h2"u8.ToArray(),
            OriginalHandshake = DateTimeOffset.UtcNow,
        };
        using var buffer = new WireBuffer();
        if (!_tickets.TrySeal(_state, DateTimeOffset.UtcNow, buffer, out _, out _) || _tickets.Open(buffer.Written, TlsVersion.Tls12, DateTimeOffset.UtcNow).State is null)
        {
            throw new InvalidOperationException("a ticket that was just sealed does not open");
        }

        _ticket = buffer.Written.ToArray();
    }

    [Benchmark]
    public bool Seal()
    {
        using var buffer = new WireBuffer();
        return _tickets.TrySeal(_state, DateTimeOffset.UtcNow, buffer, out _, out _);
    }

    [Benchmark]
    public void Open() => _tickets.Open(_ticket, TlsVersion.Tls12, DateTimeOffset.UtcNow).State!.Dispose();

    [GlobalCleanup]
    public void Cleanup()
    {
        _state.Dispose();
        _tickets.Dispose();
        _ring.Dispose();
    }
}
