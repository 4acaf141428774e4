namespace Kippu.BogoShim;

/// <summary>Answers the engine's questions on the spot: nothing that the shim is asked has to wait.</summary>
internal static class ShimAnswers
{
    public static void Answer(TlsQuestion question, FlagSet flags)
    {
        switch (question)
        {
            case CertificateQuestion asked:
                asked.Answer(asked.Verify().WithAnswer(!flags.Has("verify-fail")));
                break;
            case ReplayQuestion asked:
                asked.Answer(asked.Guard.TryUseAsync(asked.Key, asked.Expires, CancellationToken.None).AsTask().Result);
                break;
            case HostQuestion asked:
                asked.Answer(null);
                break;
            default:
                throw new UnimplementedException(question.GetType().Name);
        }
    }
}
