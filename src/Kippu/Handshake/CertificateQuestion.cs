using Kippu.Certificates;

namespace Kippu;

/// <summary>Is the peer's certificate to be trusted? Building a chain is slow, so it is asked, not done on the thread that reads.</summary>
public sealed class CertificateQuestion : TlsQuestion
{
    private readonly Action<CertificateVerdict> _onAnswer;

    internal CertificateQuestion(
        IQuestionOwner owner, CertificateVerifier verifier, IReadOnlyList<ReadOnlyMemory<byte>> chain, string? host, DateTimeOffset now, Action<CertificateVerdict> onAnswer)
        : base(owner)
    {
        Verifier = verifier;

        // A copy: whoever verifies on another thread may be left behind by a handshake that is given up, and the memory of its messages is then another
        // connection's. An acceptance that is kept for reuse must be for the bytes that were verified.
        Chain = [.. chain.Select(certificate => (ReadOnlyMemory<byte>)certificate.ToArray())];
        Host = host;
        Now = now;
        _onAnswer = onAnswer;
    }

    /// <summary>The certificates as they came, DER, the peer's own first.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Chain { get; }

    /// <summary>The name that the certificate must hold; null for a client's certificate.</summary>
    public string? Host { get; }

    /// <summary>The OCSPResponse in DER that the server stapled, of which nothing has been verified; null if there is none.</summary>
    public byte[]? OcspResponse { get; internal set; }

    /// <summary>The SignedCertificateTimestampList that the server sent (RFC 6962 §3.3), of which nothing has been verified; null if there is none.</summary>
    public byte[]? SignedCertificateTimestamps { get; internal init; }

    internal CertificateVerifier Verifier { get; }

    internal DateTimeOffset Now { get; }

    /// <summary>
    /// Builds and verifies the chain by the options, on this thread, without answering yet. If the options have a callback, ask it with
    /// <see cref="CertificateVerdict.Question"/> and answer with <see cref="CertificateVerdict.WithAnswer"/>.
    /// </summary>
    public CertificateVerdict Verify()
    {
        var verdict = Verifier.Verify(Chain, Host, peerIsServer: Host is not null, Now);
        if (verdict.Question is { } context)
        {
            context.OcspResponse = OcspResponse;
            context.SignedCertificateTimestamps = SignedCertificateTimestamps;
        }

        return verdict;
    }

    /// <summary>Goes on with this verdict, which it takes over; a refusal ends the handshake with the alert that fits it.</summary>
    /// <exception cref="ObjectDisposedException">The verdict was disposed or answered with before.</exception>
    public void Answer(CertificateVerdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        ObjectDisposedException.ThrowIf(verdict.IsDisposed, verdict);
        using (verdict)
        {
            // A connection that has failed meanwhile takes no answer, and nothing with it.
            Resume(() =>
            {
                verdict.HandOverLeaf();
                _onAnswer(verdict);
            });
        }
    }
}
