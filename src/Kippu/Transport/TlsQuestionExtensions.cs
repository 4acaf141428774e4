namespace Kippu;

/// <summary>Answers a <see cref="TlsQuestion"/> from the options, for those who drive a <see cref="TlsConnection"/> themselves.</summary>
/// <remarks><see cref="TlsStream"/> and <see cref="TlsDuplexPipe"/> do the same, with a token that ends with the handshake's time limit.</remarks>
public static class TlsQuestionExtensions
{
    /// <summary>
    /// Asks what the options name for it (the verification of certificates and its callback, the signer, the replay guard, the selector of hosts), and answers. Chains are built
    /// on the thread pool, away from the thread that does I/O. Nothing else may use the connection's read half until this has ended.
    /// </summary>
    /// <param name="question">The open question of a connection: <see cref="TlsConnection.Question"/>.</param>
    /// <param name="cancellationToken">
    /// Is given to the callbacks. One that does not look at it is not waited for any longer. The question then stays open; give the connection up.
    /// </param>
    /// <remarks>
    /// A callback that throws ends the handshake (<see cref="TlsFault.InternalError"/>), which the next <see cref="TlsConnection.Read"/> reports; a replay guard that throws has
    /// seen the early data before.
    /// </remarks>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="InvalidOperationException">The question is not open any more.</exception>
    public static ValueTask AnswerAsync(this TlsQuestion question, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        return AnswerAsync(question, verifyHere: false, cancellationToken);
    }

    /// <summary>Verifies on this thread, and waits for the application's callbacks.</summary>
    internal static void Answer(this TlsQuestion question, CancellationToken cancellationToken = default) =>
        AnswerAsync(question, verifyHere: true, cancellationToken).AsTask().GetAwaiter().GetResult();

    private static ValueTask AnswerAsync(TlsQuestion question, bool verifyHere, CancellationToken cancellationToken) => question switch
    {
        CertificateQuestion asked => AskAsync(asked, token => JudgeAsync(asked, verifyHere, token), asked.Answer, cancellationToken),
        SignatureQuestion asked => AskAsync(asked, token => asked.Signer.SignAsync(asked.Scheme, asked.Data, token), signature => asked.Answer(signature), cancellationToken),
        ReplayQuestion asked => AskAsync(asked, token => IsFirstUseAsync(asked, token), asked.Answer, cancellationToken),
        HostQuestion asked => AskAsync(asked, token => asked.Selector(asked.Hello, token), asked.Answer, cancellationToken),
        _ => throw new InvalidOperationException($"nothing here answers a {question.GetType().Name}"),
    };

    private static async ValueTask AskAsync<T>(TlsQuestion question, Func<CancellationToken, ValueTask<T>> ask, Action<T> give, CancellationToken cancellationToken)
    {
        T answer;
        try
        {
            answer = await WaitAsync(ask(cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception reason) when (!cancellationToken.IsCancellationRequested)
        {
            question.Fail(reason);
            return;
        }
        catch (Exception reason) when (reason is not OperationCanceledException)
        {
            throw new OperationCanceledException("the answer was cancelled", reason, cancellationToken);
        }

        give(answer);
    }

    private static async ValueTask<CertificateVerdict> JudgeAsync(CertificateQuestion question, bool verifyHere, CancellationToken cancellationToken)
    {
        var verdict = verifyHere ? question.Verify() : await Task.Run(question.Verify, cancellationToken).ConfigureAwait(false);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (verdict.Question is not { } context || question.Verifier.Callback is not { } callback)
            {
                return verdict;
            }

            var accepted = await callback(context, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return verdict.WithAnswer(accepted);
        }
        catch
        {
            // Nobody will answer with it.
            verdict.Dispose();
            throw;
        }
    }

    /// <summary>Early data that nobody vouches for is refused; the client sends it again, and the handshake goes on.</summary>
    private static async ValueTask<bool> IsFirstUseAsync(ReplayQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            return await question.Guard.TryUseAsync(question.Key, question.Expires, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Whoever does not look at the token is left behind.</summary>
    private static ValueTask<T> WaitAsync<T>(ValueTask<T> answer, CancellationToken cancellationToken) =>
        answer.IsCompleted ? answer : new ValueTask<T>(answer.AsTask().WaitAsync(cancellationToken));
}
