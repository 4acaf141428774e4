namespace Kippu;

/// <summary>A stored ring, or an export of sessions, is not what it should be. The message says what is wrong and where; it never holds a secret.</summary>
public sealed class StoredFormatException : FormatException
{
    internal StoredFormatException(string location, string problem)
        : base($"{location}: {problem}")
    {
        Location = location;
        Problem = problem;
    }

    /// <summary>The place: a path into the JSON (<c>keys[2].secret</c>), or a line and column.</summary>
    public string Location { get; }

    /// <summary>What is wrong there.</summary>
    public string Problem { get; }
}
