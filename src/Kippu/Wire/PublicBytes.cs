namespace Kippu.Wire;

/// <summary>
/// Compares bytes that are no secret: names, identifiers, certificates, what has crossed the wire in the clear. It may stop at the first
/// difference; secrets are compared with <see cref="System.Security.Cryptography.CryptographicOperations.FixedTimeEquals"/>. <c>SequenceEqual</c>
/// is banned elsewhere in the library, so that every comparison says which of the two it is.
/// </summary>
internal static class PublicBytes
{
#pragma warning disable RS0030 // The one place: see above.
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => left.SequenceEqual(right);

    /// <summary>Less than zero, zero, or more, as <paramref name="left"/> sorts before, with, or after <paramref name="right"/>.</summary>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => left.SequenceCompareTo(right);
#pragma warning restore RS0030
}
