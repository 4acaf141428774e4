namespace Kippu.Cli.Fleet;

/// <summary>Single keys, with which somebody at the terminal meddles with the fleet.</summary>
internal sealed class FleetKeyboard(FleetRun run, Action end)
{
    /// <summary>The node that is meant.</summary>
    public FleetNode Chosen { get; private set; } = run.Nodes[0];

    /// <summary>There is somebody at a keyboard.</summary>
    public static bool IsThere => !Console.IsInputRedirected;

    /// <summary>Takes what was typed since the last time.</summary>
    public void Look()
    {
        while (Console.KeyAvailable)
        {
            Press(Console.ReadKey(intercept: true).KeyChar);
        }
    }

    internal void Press(char key)
    {
        switch (char.ToLowerInvariant(key))
        {
            case >= '1' and <= '9' and var digit when digit - '1' < run.Nodes.Count:
                Chosen = run.Nodes[digit - '1'];
                break;
            case 'k':
                run.Do(IncidentKind.Kill, Chosen);
                break;
            case 'p' when ProcessSignal.IsSupported:
                run.Do(IncidentKind.Pause, Chosen);
                break;
            case 'r':
                run.Do(IncidentKind.Restart, Chosen);
                break;
            case 'c' when !Chosen.IsCut:
                run.Do(IncidentKind.Cut, Chosen);
                break;
            case 'q':
                end();
                break;
        }
    }
}
