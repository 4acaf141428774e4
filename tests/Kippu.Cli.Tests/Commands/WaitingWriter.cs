using System.Text;

namespace Kippu.Cli.Tests.Commands;

/// <summary>What a command that goes on writes; a test may wait for words.</summary>
internal sealed class WaitingWriter : TextWriter
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly List<(string Words, TaskCompletionSource Found)> _awaited = [];

    public override Encoding Encoding => Encoding.UTF8;

    public Task WaitForAsync(string words)
    {
        lock (_lock)
        {
            var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((words, found));
            Tell();
            return found.Task;
        }
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        lock (_lock)
        {
            _text.Append(value);
            Tell();
        }
    }

    public override void WriteLine(string? value) => Write(value + "\n");

    public override string ToString()
    {
        lock (_lock)
        {
            return _text.ToString();
        }
    }

    private void Tell()
    {
        var text = _text.ToString();
        _awaited.Where(waiter => text.Contains(waiter.Words, StringComparison.Ordinal)).ToList().ForEach(waiter => waiter.Found.TrySetResult());
    }
}
