namespace Kippu;

/// <summary>Why <see cref="TlsConnection.Read"/> stopped.</summary>
public enum TlsReadStatus
{
    /// <summary>All whole records of the input were taken; more input is needed. <see cref="TlsReadResult.Required"/> is the size of the next record as far as it is known (at least 5).</summary>
    NeedsInput,

    /// <summary>Application data was delivered.</summary>
    Data,

    /// <summary>Server: application data was delivered that a client sent before the handshake was complete (0-RTT). It may have been replayed (RFC 8446 §8).</summary>
    EarlyData,

    /// <summary>Client: the server refused the early data; all of it must be sent again once connected.</summary>
    EarlyDataRejected,

    /// <summary>The next record's plaintext does not fit the destination; the record was not consumed. <see cref="TlsReadResult.Required"/> is the size that does.</summary>
    DestinationTooSmall,

    /// <summary>A question is open (<see cref="TlsConnection.Question"/>); nothing is consumed until it is answered.</summary>
    Question,

    /// <summary>The handshake has just been completed. Call again for what follows.</summary>
    Connected,

    /// <summary>The peer sent close_notify: no more data will come.</summary>
    Closed,
}
