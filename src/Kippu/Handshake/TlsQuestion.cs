namespace Kippu;

/// <summary>
/// Something slow that a handshake waits for: the core asks and stops, it never awaits. At most one question is open at a time
/// (<see cref="TlsConnection.Question"/>). Answer it once, from any one thread: with <c>AnswerAsync</c>, which asks what the options name for it, with the method of its own
/// type, or with <see cref="Fail"/>; then go on reading and draining. <c>TlsStream</c> and <c>TlsDuplexPipe</c> answer by themselves.
/// </summary>
public abstract class TlsQuestion
{
    private readonly IQuestionOwner _owner;

    private protected TlsQuestion(IQuestionOwner owner) => _owner = owner;

    /// <summary>Ends the handshake: the answer cannot be had. The peer gets internal_error.</summary>
    /// <param name="reason">Becomes the inner exception of the <see cref="TlsException"/>.</param>
    public void Fail(Exception reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        _owner.FailQuestion(this, reason);
    }

    private protected void Resume(Action continuation) => _owner.AnswerQuestion(this, continuation);
}
