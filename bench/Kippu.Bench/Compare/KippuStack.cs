using Kippu.Bench.Scenarios;

namespace Kippu.Bench.Compare;

/// <summary>TlsStream.</summary>
internal sealed class KippuStack(Scenario scenario, Identity identity) : IStreamStack
{
    private readonly TlsServer _server = scenario.CreateServer(identity);
    private readonly TlsClient _client = scenario.CreateClient(identity);
    private long _connections;

    public Stream StartServer(Stream inner, out Task handshake)
    {
        var stream = new TlsStream(inner);
        handshake = stream.AuthenticateAsServerAsync(_server);
        return stream;
    }

    public Stream StartClient(Stream inner, out Task handshake)
    {
        var stream = new TlsStream(inner);
        handshake = stream.AuthenticateAsClientAsync(_client, scenario.Target(identity, _connections++));
        return stream;
    }

    public bool Check(Stream server, Stream client, ReadOnlySpan<byte> fromServer) => scenario.Check(((TlsStream)server).Info, ((TlsStream)client).Info);
}
