namespace Kippu.Tests.Handshake;

internal static class QuestionAnswers
{
    /// <summary>Verifies by the options, asks their callback if there is one, and answers.</summary>
    public static void VerifyAndAnswer(this CertificateQuestion question)
    {
        var verdict = question.Verify();
        if (verdict.Question is { } asked)
        {
            var accepted = question.Verifier.Callback!(asked, CancellationToken.None);
            verdict = verdict.WithAnswer(accepted.IsCompletedSuccessfully ? accepted.Result : throw new InvalidOperationException("the tests' callbacks do not wait"));
        }

        question.Answer(verdict);
    }
}
