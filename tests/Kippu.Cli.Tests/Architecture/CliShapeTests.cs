using System.Reflection;
using Kippu.Tests.Architecture;

namespace Kippu.Cli.Tests.Architecture;

/// <summary>The rule of the library's functions holds for the command line too. Files and types are counted with the library's.</summary>
public sealed class CliShapeTests
{
    private const int MostLinesOfAFunction = 100;

    private static readonly Module s_module = typeof(CommandLine).Module;

    [Fact]
    public void No_function_is_long() => Assert.Empty(FunctionLengths.LongerThan(MostLinesOfAFunction, s_module));

    [Fact]
    public void The_lengths_of_functions_are_really_read() => Assert.Contains(FunctionLengths.Of(s_module), function => function.Lines > 5);
}
