namespace Kippu;

/// <summary>Server: was this early data seen before? Asked if <see cref="EarlyDataOptions.ReplayGuard"/> is the application's own.</summary>
public sealed class ReplayQuestion : TlsQuestion
{
    private readonly Action<bool> _onAnswer;

    internal ReplayQuestion(IQuestionOwner owner, IReplayGuard guard, ReadOnlyMemory<byte> key, DateTimeOffset expires, Action<bool> onAnswer)
        : base(owner)
    {
        Guard = guard;
        Key = key;
        Expires = expires;
        _onAnswer = onAnswer;
    }

    /// <summary>Who is to say.</summary>
    public IReplayGuard Guard { get; }

    /// <summary>32 bytes that stand for the client's first flight.</summary>
    public ReadOnlyMemory<byte> Key { get; }

    /// <summary>How long the key must be remembered.</summary>
    public DateTimeOffset Expires { get; }

    /// <summary>Goes on. False refuses the early data, and the resumption goes on all the same.</summary>
    public void Answer(bool isFirstUse) => Resume(() => _onAnswer(isFirstUse));
}
