namespace Kippu;

/// <summary>Server: which host answers this hello? Asked if <see cref="TlsServerOptions.HostSelector"/> is set.</summary>
public sealed class HostQuestion : TlsQuestion
{
    private readonly Action<TlsHost?> _onAnswer;

    internal HostQuestion(IQuestionOwner owner, ClientHelloInfo hello, Func<ClientHelloInfo, CancellationToken, ValueTask<TlsHost?>> selector, Action<TlsHost?> onAnswer)
        : base(owner)
    {
        Hello = hello;
        Selector = selector;
        _onAnswer = onAnswer;
    }

    /// <summary>What the client says of itself.</summary>
    public ClientHelloInfo Hello { get; }

    internal Func<ClientHelloInfo, CancellationToken, ValueTask<TlsHost?>> Selector { get; }

    /// <summary>Goes on with this host; null is the default host. A host of another <see cref="TlsServer"/> ends the handshake (internal_error).</summary>
    public void Answer(TlsHost? host) => Resume(() => _onAnswer(host));
}
