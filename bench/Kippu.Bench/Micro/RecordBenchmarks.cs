using BenchmarkDotNet.Attributes;
using Kippu.Records;
using Kippu.Wire;

namespace Kippu.Bench.Micro;

/// <summary>One record sealed, one opened: what bulk transfer is made of.</summary>
public class RecordBenchmarks
{
    private readonly byte[] _iv = new byte[4];
    private Tls12AeadProtection _protection = null!;
    private byte[] _plaintext = null!;
    private byte[] _sealed = null!;
    private byte[] _record = null!;
    private byte[] _opened = null!;
    private RecordHeader _header;
    private ulong _sequence;

    [Params(64, 16384)]
    public int Length { get; set; }

    [Params(TlsCipherSuiteName.Aes128Gcm, TlsCipherSuiteName.ChaCha20Poly1305)]
    public TlsCipherSuiteName Suite { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var suite = CipherSuite.Find((ushort)Suite)!;
        _protection = new Tls12AeadProtection(suite, new byte[suite.KeyLength], Suite == TlsCipherSuiteName.Aes128Gcm ? _iv : new byte[12]);
        _plaintext = new byte[Length];
        _sealed = new byte[Length + 64];
        _opened = new byte[Length];
        _record = new byte[RecordLimits.HeaderLength + _protection.Overhead + Length];
        _protection.Seal(0, ContentType.ApplicationData, _plaintext, _record);
        _ = RecordHeader.TryParse(_record, out _header);
    }

    [Benchmark]
    public int Seal() => _protection.Seal(_sequence++, ContentType.ApplicationData, _plaintext, _sealed);

    [Benchmark]
    public int Open() => _protection.Open(0, _header, _record.AsSpan(RecordLimits.HeaderLength), _opened, out _);

    [GlobalCleanup]
    public void Cleanup() => _protection.Dispose();
}
