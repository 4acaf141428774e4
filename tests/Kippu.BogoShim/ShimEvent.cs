namespace Kippu.BogoShim;

/// <summary>What a connection has come to.</summary>
internal enum ShimEvent
{
    /// <summary>A server may answer early data, before the handshake is complete.</summary>
    EarlyWritable,

    Connected,
    Data,
    EarlyDataRejected,
    Closed,

    /// <summary>TCP ended without close_notify, after the handshake.</summary>
    EndOfTransport,
}
