using Kippu.Certificates;

namespace Kippu.Transport;

/// <summary>
/// Answers the questions of a handshake from the options. Chains are built away from the thread that does I/O. The application's callbacks get a token that
/// ends with the handshake's time limit, and are not waited for beyond it. One that throws ends the handshake (internal_error); a replay guard that throws has seen the
/// early data before.
/// </summary>
internal static class QuestionAnswers
{
    public static ValueTask AnswerAsync(TlsQuestion question, CancellationToken cancellationToken) => AnswerAsync(question, verifyHere: false, cancellationToken);

    /// <summary>Verifies on this thread, and waits for the application's callbacks.</summary>
    public static void Answer(TlsQuestion question, CancellationToken cancellationToken) =>
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

        give(answer);
    }

    private static async ValueTask<CertificateVerdict> JudgeAsync(CertificateQuestion question, bool verifyHere, CancellationToken cancellationToken)
    {
        var verdict = verifyHere ? question.Verify() : await Task.Run(question.Verify, cancellationToken).ConfigureAwait(false);
        if (verdict.Question is not { } context || question.Verifier.Callback is not { } callback)
        {
            return verdict;
        }

        try
        {
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
