namespace Kippu;

/// <summary>Who asked a <see cref="TlsQuestion"/>: takes it off, runs what follows and turns a fault into an alert.</summary>
internal interface IQuestionOwner
{
    void AnswerQuestion(TlsQuestion question, Action continuation);

    void FailQuestion(TlsQuestion question, Exception reason);
}
