using BenchmarkDotNet.Attributes;
using Kippu.Wire;
using Kippu.Wire.Messages;

namespace Kippu.Bench.Micro;

/// <summary>A ClientHello as it comes from our own client, with a ticket in it.</summary>
public class ClientHelloBenchmarks
{
    private byte[] _body = null!;

    [GlobalSetup]
    public void Setup()
    {
        using var buffer = new WireBuffer();
        new ClientHello
        {
            LegacyVersion = (ushort)TlsVersion.Tls12,
            Random = new byte[32],
            SessionId = new byte[32],
            CipherSuites = UInt16List.Of(0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8),
            CompressionMethods = new byte[1],
            ServerName = "www.bench.example",
            SupportedGroups = UInt16List.Of(29, 23, 24, 25),
            EcPointFormats = new byte[1],
            SignatureAlgorithms = UInt16List.Of(0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601),
            SessionTicket = new byte[194],
            ExtendedMasterSecret = true,
            RenegotiationInfo = ReadOnlyMemory<byte>.Empty,
        }.Write(new TlsWriter(buffer));
        _body = buffer.Written.ToArray();
    }

    [Benchmark]
    public object Parse() => ClientHello.Parse(_body);
}
