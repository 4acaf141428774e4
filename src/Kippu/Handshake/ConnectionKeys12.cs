using Kippu.KeySchedule;
using Kippu.Records;

namespace Kippu.Handshake;

/// <summary>The record protection of both directions (RFC 5246 §6.3), each handed out once.</summary>
internal sealed class ConnectionKeys12 : IDisposable
{
    private RecordProtection? _client;
    private RecordProtection? _server;

    private ConnectionKeys12(RecordProtection client, RecordProtection server)
    {
        _client = client;
        _server = server;
    }

    public static ConnectionKeys12 Expand(MasterSecret12 master, ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> serverRandom)
    {
        using var block = master.ExpandKeys(clientRandom, serverRandom);
        return new ConnectionKeys12(
            new Tls12AeadProtection(master.Suite, block.ClientKey, block.ClientIv),
            new Tls12AeadProtection(master.Suite, block.ServerKey, block.ServerIv));
    }

    public RecordProtection TakeClient() => Take(ref _client);

    public RecordProtection TakeServer() => Take(ref _server);

    public void Dispose()
    {
        _client?.Dispose();
        _server?.Dispose();
    }

    private static RecordProtection Take(ref RecordProtection? protection)
    {
        var taken = protection ?? throw new InvalidOperationException("these keys were taken already");
        protection = null;
        return taken;
    }
}
