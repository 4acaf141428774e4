namespace Kippu.Transport;

/// <summary>How far a read has come without waiting.</summary>
/// <param name="Kind">What to do next.</param>
/// <param name="Count">For <see cref="ReadStepKind.Done"/>: bytes delivered. For <see cref="ReadStepKind.NeedsInput"/>: bytes that the next record has, as far as is known.</param>
internal readonly record struct ReadStep(ReadStepKind Kind, int Count)
{
    public static ReadStep Done(int count) => new(ReadStepKind.Done, count);
}
