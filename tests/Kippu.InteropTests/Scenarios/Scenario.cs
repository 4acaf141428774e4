namespace Kippu.InteropTests.Scenarios;

/// <summary>Something that the command line, or several servers together, must do with real peers.</summary>
/// <param name="Name">What is done.</param>
/// <param name="ObserveAsync">Does it, fails if it is not as it must be, and returns the peer's words.</param>
internal sealed record Scenario(string Name, Func<CancellationToken, Task<string>> ObserveAsync)
{
    public static IReadOnlyList<Scenario> All { get; } = [.. CommandLineScenarios.All, .. FleetScenarios.All, .. CaptureScenarios.All, .. HabitScenarios.All];

    public override string ToString() => Name;
}
