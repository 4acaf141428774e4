namespace Kippu.Bench.Compare;

/// <summary>A TLS stack with a stream, set up for one scenario.</summary>
internal interface IStreamStack
{
    /// <summary>A server over <paramref name="inner"/>, its handshake begun.</summary>
    Stream StartServer(Stream inner, out Task handshake);

    /// <summary>A client over <paramref name="inner"/>, its handshake begun.</summary>
    Stream StartClient(Stream inner, out Task handshake);

    /// <summary>Throws if the handshake was not what the scenario says; tells whether it was resumed.</summary>
    bool Check(Stream server, Stream client, ReadOnlySpan<byte> fromServer);
}
