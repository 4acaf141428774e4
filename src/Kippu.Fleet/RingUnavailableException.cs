namespace Kippu.Fleet;

/// <summary>A ring cannot be read from where it is stored. The message says why and never holds a secret.</summary>
public sealed class RingUnavailableException : IOException
{
    internal RingUnavailableException(RingProblem problem, string detail, Exception? inner = null)
        : base(detail, inner) => Problem = problem;

    /// <summary>The kind of problem; never <see cref="RingProblem.None"/>.</summary>
    public RingProblem Problem { get; }
}
