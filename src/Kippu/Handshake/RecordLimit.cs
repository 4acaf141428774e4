using Kippu.Records;

namespace Kippu.Handshake;

/// <summary>What record_size_limit means in TLS 1.2 (RFC 8449 §4): each side's number limits what the other sends, if both sent one.</summary>
internal static class RecordLimit
{
    /// <summary>The largest plaintext to send.</summary>
    public static int From(ushort? announced) => announced is { } limit ? Math.Min((int)limit, RecordLimits.MaxPlaintext) : RecordLimits.MaxPlaintext;

    /// <summary>The same in TLS 1.3, where the content type counts too, and the record layer takes it off.</summary>
    public static int From13(ushort? announced) => announced is { } limit ? Math.Min((int)limit, RecordLimits.MaxPlaintext + 1) : RecordLimits.MaxPlaintext + 1;

    /// <summary>The largest plaintext to accept.</summary>
    public static int Own(ConnectionEnvironment environment, ushort? announcedByPeer) =>
        announcedByPeer is null ? RecordLimits.MaxPlaintext + 1 : environment.RecordSizeLimit ?? RecordLimits.MaxPlaintext + 1;
}
