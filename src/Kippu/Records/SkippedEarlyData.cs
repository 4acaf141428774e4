using Kippu.Alerts;

namespace Kippu.Records;

/// <summary>
/// How much early data a server that refused it still skips (RFC 8446 §4.2.10): it cannot read it, and must find the record where the handshake goes on,
/// but not for ever.
/// </summary>
internal sealed class SkippedEarlyData(long maxBytes, int maxRecords)
{
    private long _bytes;
    private int _records;

    /// <summary>One more record is thrown away.</summary>
    /// <exception cref="TlsFaultException"><see cref="TlsFault.TooMuchEarlyData"/>.</exception>
    public void Count(int fragmentLength)
    {
        _bytes += fragmentLength;
        if (_bytes > maxBytes || ++_records > maxRecords)
        {
            throw new TlsFaultException(TlsFault.TooMuchEarlyData, $"early data: more than {maxBytes} bytes or {maxRecords} records came that this server had refused");
        }
    }
}
