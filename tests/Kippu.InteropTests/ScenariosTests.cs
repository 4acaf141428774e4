using Kippu.InteropTests.Matrix;
using Kippu.InteropTests.Scenarios;
using Xunit;

namespace Kippu.InteropTests;

/// <summary>The command line, several servers together, and tshark on what we say. What must hold is asserted in each <see cref="Scenario"/>.</summary>
public sealed class ScenariosTests
{
    public static TheoryData<string> Names() => [.. Scenario.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_scenario_ends_as_it_must(string name) => Assert.NotEmpty(await InteropMatrix.ScenarioAsync(Scenario.All.Single(scenario => scenario.Name == name)));
}
