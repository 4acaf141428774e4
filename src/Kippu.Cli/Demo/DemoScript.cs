namespace Kippu.Cli.Demo;

/// <summary>The whole demo: the story of TLS 1.2, and that of TLS 1.3.</summary>
internal sealed class DemoScript(DemoFleet fleet, Action<DemoStep> tell)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly DemoStage _stage = new(fleet, tell);

    public IReadOnlyList<DemoStep> Steps => _stage.Steps;

    /// <summary>The tickets of patterns 1 and 2, opened.</summary>
    public TicketComparison? Comparison { get; private set; }

    /// <summary>Each pattern is the one that was intended, both ends agree, and the renewed ticket is what it should be.</summary>
    public bool IsAsIntended => Steps.All(step => step.Disagreements().Count == 0) && Comparison is { IsAsItShould: true };

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            var story = new DemoStory12(_stage);
            await story.RunAsync(patience.Token).ConfigureAwait(false);
            Comparison = story.Comparison;
            await new DemoStory13(_stage).RunAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFault(ExitCodes.NotMeasured, $"the demo did not end within {s_patience.TotalSeconds} s", "Is this machine very busy? Run it again; if that does not help, report it.");
        }
    }
}
