using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Kippu.Fleet.Tests;

/// <summary>What was logged.</summary>
internal sealed class RecordingLog : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<(int Id, LogLevel Level, string Text)> _entries = new();

    public IReadOnlyList<string> Categories => [.. Named];

    public IReadOnlyList<(int Id, LogLevel Level, string Text)> Entries => [.. _entries];

    private ConcurrentQueue<string> Named { get; } = new();

    public IReadOnlyList<int> Ids => [.. _entries.Select(entry => entry.Id)];

    public ILogger CreateLogger(string categoryName)
    {
        Named.Enqueue(categoryName);
        return this;
    }

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue((eventId.Id, logLevel, formatter(state, exception)));

    public void Dispose()
    {
    }
}
