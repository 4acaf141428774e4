using Kippu.Records;

namespace Kippu.Handshake;

/// <summary>What record_size_limit means in TLS 1.2 (RFC 8449 §4): each side's number limits what the other sends, if both sent one.</summary>
internal static class RecordLimit
{
    /// <summary>The largest plaintext to send.</summary>
    public static int From(ushort? announced) => announced is { } limit ? Math.Min((int)limit, RecordLimits.MaxPlaintext) : RecordLimits.MaxPlaintext;

    /// <summary>The largest plaintext to accept.</summary>
    public static int Own(ConnectionEnvironment environment, ushort? announcedByPeer) =>
        announcedByPeer is null ? RecordLimits.MaxPlaintext : environment.RecordSizeLimit ?? RecordLimits.MaxPlaintext;
}
