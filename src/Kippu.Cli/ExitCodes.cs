namespace Kippu.Cli;

/// <summary>What every command's exit code means.</summary>
internal static class ExitCodes
{
    /// <summary>All is as expected.</summary>
    public const int Expected = 0;

    /// <summary>Something was measured that is not as expected.</summary>
    public const int Finding = 1;

    /// <summary>The command line, or a file that it names, is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Nothing could be measured.</summary>
    public const int NotMeasured = 3;
}
