using Kippu.Alerts;
using Kippu.Wire;

namespace Kippu.Records;

/// <summary>TLS_NULL_WITH_NULL_NULL: the state that every connection starts in (RFC 5246 §6.1).</summary>
/// <param name="version">
/// What the header says. RFC 5246 appendix E.1 leaves a client free in what it puts there before the version is negotiated; from then on it is 3.3.
/// </param>
internal sealed class ClearProtection(ushort version = (ushort)TlsVersion.Tls12) : RecordProtection
{
    public override bool IsProtected => false;

    public override int Overhead => 0;

    public override int Seal(ulong sequence, ContentType type, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        InsistOnRoom(plaintext.Length, destination.Length);
        new RecordHeader(type, version, plaintext.Length).Write(destination);
        plaintext.CopyTo(destination[RecordLimits.HeaderLength..]);
        return RecordLimits.HeaderLength + plaintext.Length;
    }

    public override int Open(ulong sequence, in RecordHeader header, ReadOnlySpan<byte> fragment, Span<byte> destination, out ContentType type)
    {
        if (fragment.Length > RecordLimits.MaxPlaintext)
        {
            throw new TlsFaultException(TlsFault.RecordOverflow, $"record: {fragment.Length} bytes in the clear exceed {RecordLimits.MaxPlaintext}");
        }

        type = header.Type;
        fragment.CopyTo(destination);
        return fragment.Length;
    }

    public override void Dispose()
    {
    }
}
