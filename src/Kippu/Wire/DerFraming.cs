using System.Formats.Asn1;

namespace Kippu.Wire;

/// <summary>The outside of DER-encoded values, for those whose inside others decode.</summary>
internal static class DerFraming
{
    /// <summary>True if these bytes are one SEQUENCE and nothing after it. The platform's loader of certificates would also take PEM, and bytes that follow.</summary>
    public static bool IsSequence(ReadOnlySpan<byte> bytes) =>
        AsnDecoder.TryReadEncodedValue(bytes, AsnEncodingRules.DER, out var tag, out _, out _, out var consumed) && tag == Asn1Tag.Sequence && consumed == bytes.Length;
}
