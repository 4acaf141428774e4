namespace Kippu.Tests.Handshake;

internal static class QuestionAnswers
{
    public static void VerifyAndAnswer(this CertificateQuestion question) => question.Answer(question.Verify());
}
