using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>As <see cref="QuestionTests"/>, for TLS 1.3: a question stays open, nothing is consumed or said meanwhile, and the answer lets the handshake go on.</summary>
public sealed class Question13Tests
{
    private static readonly Dictionary<string, (bool ByServer, Type Question, string Kind)> s_asking = new()
    {
        ["a server about its host"] = (true, typeof(HostQuestion), Scene13.Full),
        ["a server about its host, of a second hello"] = (true, typeof(HostQuestion), Scene13.Retried),
        ["a server for its signature"] = (true, typeof(SignatureQuestion), Scene13.Full),
        ["a server whether early data is a replay"] = (true, typeof(ReplayQuestion), Scene13.Early),
        ["a server about the client's certificate"] = (true, typeof(CertificateQuestion), Scene13.Certified),
        ["a client about the server's certificate"] = (false, typeof(CertificateQuestion), Scene13.Full),
        ["a client for its signature"] = (false, typeof(SignatureQuestion), Scene13.Certified),
    };

    public static TheoryData<string> Asking => [.. s_asking.Keys];

    [Theory]
    [MemberData(nameof(Asking))]
    public void While_a_question_is_open_nothing_is_consumed(string who)
    {
        var scene = new Scene13(s_asking[who].Kind, asks: true);
        using var pair = Ask(scene, who, out var asked);
        var question = asked.Connection.Question;
        foreach (var bytes in new byte[][] { [], [1], [21, 3, 3, 0, 2, 2, 40], new byte[1000] })
        {
            Assert.Equal(new TlsReadResult(TlsReadStatus.Question, 0, 0, 0), asked.Connection.Read(bytes, new byte[10]));
        }

        Assert.Same(question, asked.Connection.Question);
        Assert.False(asked.Connection.HasPendingOutput);
        Assert.False(asked.Connection.IsConnected);
    }

    [Theory]
    [MemberData(nameof(Asking))]
    public void An_answer_is_given_once_and_lets_the_handshake_go_on(string who)
    {
        var scene = new Scene13(s_asking[who].Kind, asks: true);
        using var pair = Ask(scene, who, out var asked);
        var question = asked.Connection.Question!;
        Scene13.Answer(question);
        Assert.Throws<InvalidOperationException>(() => Scene13.Answer(question));
        asked.Answer = Scene13.Answer;

        scene.Finish(pair);
    }

    [Theory]
    [MemberData(nameof(Asking))]
    public void A_question_without_an_answer_is_an_internal_error_with_its_reason(string who)
    {
        using var pair = Ask(new Scene13(s_asking[who].Kind, asks: true), who, out var asked);
        var reason = new TimeoutException("the key service is down");
        asked.Connection.Question!.Fail(reason);
        pair.Run();

        Assert.Equal((TlsFault.InternalError, AlertDescription.InternalError), (asked.Fault!.Fault, asked.Fault.Alert));
        Assert.Same(reason, asked.Fault.InnerException);
        var other = ReferenceEquals(asked, pair.Server) ? pair.Client : pair.Server;
        Assert.Equal(AlertDescription.InternalError, other.Fault!.Alert);
        Assert.Null(asked.Connection.Question);
    }

    [Theory]
    [MemberData(nameof(Asking))]
    public void An_answer_after_an_abort_reports_the_abort(string who)
    {
        using var pair = Ask(new Scene13(s_asking[who].Kind, asks: true), who, out var asked);
        var question = asked.Connection.Question!;
        var thrown = asked.Connection.Abort(TlsFault.HandshakeTimeout, "too slow");

        Assert.Same(thrown, Assert.Throws<TlsException>(() => Scene13.Answer(question)));
    }

    [Theory]
    [MemberData(nameof(Asking))]
    public void An_answer_after_the_transport_has_ended_reports_the_truncation(string who)
    {
        using var pair = Ask(new Scene13(s_asking[who].Kind, asks: true), who, out var asked);
        var question = asked.Connection.Question!;
        asked.EndOfInput();

        Assert.Equal(TlsFault.Truncated, Assert.Throws<TlsException>(() => Scene13.Answer(question)).Fault);
    }

    /// <summary>The handshake up to the question, the last of its type.</summary>
    private static ConnectionPair Ask(Scene13 scene, string who, out Endpoint asked)
    {
        var (byServer, type, kind) = s_asking[who];
        var pair = scene.Begin();
        asked = byServer ? pair.Server : pair.Client;
        var endpoint = asked;
        endpoint.Answer = null;
        scene.Run(pair);
        while (endpoint.Connection.Question is { } other && other.GetType() != type)
        {
            Scene13.Answer(other);
            pair.Run();
        }

        Assert.IsType(type, endpoint.Connection.Question);
        return pair;
    }
}
