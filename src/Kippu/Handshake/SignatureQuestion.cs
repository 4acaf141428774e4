namespace Kippu;

/// <summary>A signature by a key that lives elsewhere (<see cref="ITlsSigner"/>).</summary>
public sealed class SignatureQuestion : TlsQuestion
{
    private readonly Action<ReadOnlyMemory<byte>> _onAnswer;

    internal SignatureQuestion(IQuestionOwner owner, ITlsSigner signer, SignatureScheme scheme, ReadOnlyMemory<byte> data, Action<ReadOnlyMemory<byte>> onAnswer)
        : base(owner)
    {
        Signer = signer;
        Scheme = scheme;
        Data = data;
        _onAnswer = onAnswer;
    }

    /// <summary>Who is to sign.</summary>
    public ITlsSigner Signer { get; }

    /// <summary>The scheme to sign with.</summary>
    public SignatureScheme Scheme { get; }

    /// <summary>What is to be signed, not hashed yet.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>Goes on with this signature, encoded as on the wire.</summary>
    public void Answer(ReadOnlyMemory<byte> signature) => Resume(() => _onAnswer(signature));
}
