namespace Kippu.Cli.Node;

/// <summary>A process that lives until its standard input ends: in order, when that is closed; and also when whoever holds the other end was killed.</summary>
internal sealed class InputLifetime(IHostApplicationLifetime application) : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        // A thread of its own: reading standard input cannot be cancelled.
        new Thread(AwaitEnd) { IsBackground = true, Name = "standard input" }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void AwaitEnd()
    {
        while (Console.In.ReadLine() is not null)
        {
            // Nothing is said to a node but farewell.
        }

        application.StopApplication();
    }
}
