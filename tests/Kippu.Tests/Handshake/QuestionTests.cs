using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>Questions that stay open, fail, are answered twice, or too late: the core waits, consumes nothing meanwhile, and never goes on by itself.</summary>
public sealed class QuestionTests
{
    private static readonly Dictionary<string, Func<QuestionTests, HostilePeer>> s_asking = new()
    {
        ["a server about its host"] = tests => tests.AskForHost(),
        ["a server for its signature"] = tests => tests.AskForServerSignature(),
        ["a server about the client's certificate"] = tests => tests.AskAboutClient(),
        ["a client about the server's certificate"] = tests => tests.AskAboutServer(),
        ["a client for its signature"] = tests => tests.AskForClientSignature(),
    };

    private readonly FakeTimeProvider _time = TestServers.Clock();

    public static TheoryData<string> Asking => [.. s_asking.Keys];

    [Theory]
    [MemberData(nameof(Asking))]
    public void While_a_question_is_open_nothing_is_consumed(string who)
    {
        using var peer = s_asking[who](this);
        var question = peer.Victim.Connection.Question;
        var said = peer.Flow.Count;
        foreach (var bytes in new byte[][] { [], [1], [21, 3, 3, 0, 2, 2, 40], new byte[1000] })
        {
            Assert.Equal(new TlsReadResult(TlsReadStatus.Question, 0, 0, 0), peer.Victim.Connection.Read(bytes, new byte[10]));
        }

        peer.Listen();
        Assert.Same(question, peer.Victim.Connection.Question);
        Assert.Equal(said, peer.Flow.Count);
        Assert.False(peer.Victim.Connection.IsConnected);
    }

    [Theory]
    [MemberData(nameof(Asking))]
    public void An_answer_lets_the_handshake_go_on(string who)
    {
        using var peer = s_asking[who](this);
        var question = peer.Victim.Connection.Question!;
        Answer(question);
        Assert.NotSame(question, peer.Victim.Connection.Question);
        peer.Victim.Answer = Answer;
        peer.Victim.Step();
        peer.Listen();
        Finish(peer);

        peer.Connected();
    }

    [Theory]
    [MemberData(nameof(Asking))]
    public void A_question_without_an_answer_is_an_internal_error_with_its_reason(string who)
    {
        using var peer = s_asking[who](this);
        var reason = new TimeoutException("the key service is down");
        peer.Victim.Connection.Question!.Fail(reason);
        peer.Victim.Step();

        var thrown = peer.Refused(TlsFault.InternalError, AlertDescription.InternalError);
        Assert.Same(reason, thrown.InnerException);
        Assert.Contains("the key service is down", thrown.Message, StringComparison.Ordinal);
        Assert.Null(peer.Victim.Connection.Question);
    }

    [Theory]
    [MemberData(nameof(Asking))]
    public void A_question_is_answered_once(string who)
    {
        using var peer = s_asking[who](this);
        var question = peer.Victim.Connection.Question!;
        Answer(question);

        Assert.Throws<InvalidOperationException>(() => Answer(question));
        Assert.Throws<InvalidOperationException>(() => question.Fail(new TimeoutException()));
        peer.Victim.Answer = Answer;
        peer.Victim.Step();
        peer.Listen();
        Finish(peer);
        peer.Connected();
    }

    [Theory]
    [MemberData(nameof(Asking))]
    public void A_failed_question_cannot_be_answered(string who)
    {
        using var peer = s_asking[who](this);
        var question = peer.Victim.Connection.Question!;
        question.Fail(new TimeoutException());
        peer.Victim.Step();

        Assert.Same(peer.Victim.Fault, Assert.Throws<TlsException>(() => Answer(question)));
        Assert.Same(peer.Victim.Fault, Assert.Throws<TlsException>(() => question.Fail(new TimeoutException())));
        peer.Refused(TlsFault.InternalError, AlertDescription.InternalError);
    }

    [Theory]
    [MemberData(nameof(Asking))]
    public void An_answer_after_an_abort_reports_the_abort(string who)
    {
        using var peer = s_asking[who](this);
        var question = peer.Victim.Connection.Question!;
        var thrown = peer.Victim.Connection.TimeOut(TimeSpan.FromSeconds(1));

        Assert.Same(thrown, Assert.Throws<TlsException>(() => Answer(question)));
        peer.Victim.Step();
        peer.Refused(TlsFault.HandshakeTimeout, AlertDescription.UserCanceled);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_verdict_that_comes_too_late_takes_its_certificates_with_it(bool victimIsServer)
    {
        using HostilePeer peer = victimIsServer ? AskAboutClient() : AskAboutServer();
        var question = (CertificateQuestion)peer.Victim.Connection.Question!;
        var verdict = question.Verify();
        Assert.NotEqual(IntPtr.Zero, verdict.Leaf!.Handle);
        peer.Victim.Connection.TimeOut(TimeSpan.FromSeconds(1));

        Assert.Throws<TlsException>(() => question.Answer(verdict));
        Assert.Equal(IntPtr.Zero, verdict.Leaf.Handle);
    }

    [Fact]
    public void A_verdict_is_answered_with_once()
    {
        using var peer = AskAboutServer();
        var question = (CertificateQuestion)peer.Victim.Connection.Question!;
        var verdict = question.Verify();
        verdict.Dispose();

        Assert.Throws<ObjectDisposedException>(() => question.Answer(verdict));
        Assert.Same(question, peer.Victim.Connection.Question);
        verdict = question.Verify();
        question.Answer(verdict);
        Assert.Throws<ObjectDisposedException>(() => question.Answer(verdict));
        Assert.NotEqual(IntPtr.Zero, verdict.Leaf!.Handle);
    }

    [Theory]
    [MemberData(nameof(Asking))]
    public void An_answer_after_the_transport_has_ended_reports_the_truncation(string who)
    {
        using var peer = s_asking[who](this);
        var question = peer.Victim.Connection.Question!;
        peer.HangUp();

        Assert.Equal(TlsFault.Truncated, Assert.Throws<TlsException>(() => Answer(question)).Fault);
    }

    [Theory]
    [MemberData(nameof(Asking))]
    public void An_answer_after_Dispose_does_nothing_but_say_so(string who)
    {
        var peer = s_asking[who](this);
        var question = peer.Victim.Connection.Question!;
        var verdict = question is CertificateQuestion asked ? asked.Verify() : null;
        peer.Dispose();

        Assert.Throws<ObjectDisposedException>(() =>
        {
            if (verdict is null)
            {
                Answer(question);
            }
            else
            {
                ((CertificateQuestion)question).Answer(verdict);
            }
        });
        Assert.Throws<ObjectDisposedException>(() => question.Fail(new TimeoutException()));
        Assert.Throws<ObjectDisposedException>(() => peer.Victim.Connection.Read([], []));
    }

    [Fact]
    public void A_host_question_tells_what_the_client_said()
    {
        using var peer = AskForHost();
        var hello = ((HostQuestion)peer.Victim.Connection.Question!).Hello;

        Assert.Equal(TestServers.Name, hello.ServerName);
        Assert.Equal(((HostileClient)peer).Suites, hello.CipherSuites.Select(suite => (ushort)suite));
        Assert.Equal(((HostileClient)peer).Groups!, hello.SupportedGroups.Select(group => (ushort)group));
        Assert.Equal(((HostileClient)peer).Schemes!, hello.SignatureSchemes.Select(scheme => (ushort)scheme));
        Assert.Empty(hello.ApplicationProtocols);
    }

    [Fact]
    public void A_host_of_another_server_is_an_internal_error_that_says_so()
    {
        using var other = TestServers.Server(_time);
        using var peer = AskForHost();

        ((HostQuestion)peer.Victim.Connection.Question!).Answer(other.CreateHost(new TlsHostOptions { Credentials = { TestPki.EcdsaP256.Credential } }));
        peer.Victim.Step();

        var thrown = peer.Refused(TlsFault.InternalError, AlertDescription.InternalError);
        Assert.Contains("TlsHost of another TlsServer", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anyone_who_drives_a_connection_can_have_its_questions_answered_from_the_options()
    {
        TlsServer? server = null;
        var host = new TlsHostOptions { Credentials = { TestPki.EcdsaP256.Credential }, ClientCertificate = ClientCertificateRequirement.Required, ClientVerification = TestPki.Verification };
        server = TestServers.Server(_time, options => options.HostSelector = (_, _) => new ValueTask<TlsHost?>(server!.CreateHost(host)));
        var client = TestServers.Client(_time, options => options.Credentials.Add(TestPki.Client.Credential));
        using var pair = new ConnectionPair(client, server);
        (pair.Client.Answer, pair.Server.Answer) = (null, null);

        var answered = new List<Type>();
        while ((pair.Run().Server.Connection.Question ?? pair.Client.Connection.Question) is { } question)
        {
            await question.AnswerAsync(TestContext.Current.CancellationToken);
            answered.Add(question.GetType());
        }

        Assert.Equal([typeof(HostQuestion), typeof(CertificateQuestion), typeof(CertificateQuestion)], answered);
        Assert.Equal(TestPki.Client.Certificate.Thumbprint, pair.Connect().Server.Connection.Info.PeerCertificate!.Thumbprint);
    }

    [Fact]
    public async Task A_question_that_nobody_waited_for_stays_open()
    {
        using var canceled = new CancellationTokenSource();
        using var peer = new HostileClient(TestServers.Server(_time, options => options.HostSelector = (_, _) => new ValueTask<TlsHost?>(new TaskCompletionSource<TlsHost?>().Task))) { Victim = { Answer = null } };
        peer.SendHello();
        var question = peer.Victim.Connection.Question!;

        var answer = question.AnswerAsync(canceled.Token);
        await canceled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await answer);
        Assert.Same(question, peer.Victim.Connection.Question);
    }

    [Fact]
    public void A_signature_that_is_wrong_is_noticed_by_the_peer()
    {
        var server = new TlsServer(SigningOptions(TestPki.EcdsaP256));
        using var pair = new ConnectionPair(TestServers.Client(_time), server);
        pair.Server.Answer = question => ((SignatureQuestion)question).Answer(new byte[70]);
        pair.Run();

        Assert.Equal(TlsFault.BadSignature, pair.Client.Fault!.Fault);
        Assert.Equal(AlertDescription.DecryptError, pair.Server.Fault!.Alert);
    }

    [Fact]
    public void A_signature_that_no_message_can_hold_is_an_internal_error()
    {
        using var peer = AskForServerSignature();
        ((SignatureQuestion)peer.Victim.Connection.Question!).Answer(new byte[70_000]);
        peer.Victim.Step();

        peer.Refused(TlsFault.InternalError, AlertDescription.InternalError);
    }

    [Fact]
    public void No_verdict_is_no_answer()
    {
        using var peer = AskAboutServer();
        var question = (CertificateQuestion)peer.Victim.Connection.Question!;

        Assert.Throws<ArgumentNullException>(() => question.Answer(null!));
        Assert.Same(question, peer.Victim.Connection.Question);
    }

    [Fact]
    public void Messages_that_share_a_record_with_the_certificate_wait_for_the_verdict()
    {
        using var peer = new HostileServer(TestServers.Client(_time)) { Victim = { Answer = null } };
        peer.Join(() => peer.SendFullFlight());
        Assert.IsType<CertificateQuestion>(peer.Victim.Connection.Question);
        Assert.Equal(["ClientHello"], peer.Flow);
        Answer(peer.Victim.Connection.Question!);
        Assert.Equal(["ClientHello"], peer.Flow);
        peer.Victim.Step();
        peer.Listen();
        Assert.True(peer.HasSaid(HandshakeType.ClientKeyExchange));
        peer.SendClosingFlight();

        peer.Connected();
    }

    [Fact]
    public void A_key_that_fails_to_sign_is_an_internal_error()
    {
        var credential = TestPki.EcdsaP256.NewCredential();
        var options = new TlsServerOptions { TimeProvider = _time };
        options.Credentials.Add(credential);
        var server = new TlsServer(options);
        credential.Dispose();
        using var peer = new HostileClient(server);
        peer.SendHello();

        var thrown = peer.Refused(TlsFault.InternalError, AlertDescription.InternalError);
        Assert.NotNull(thrown.InnerException);
    }

    private static void Answer(TlsQuestion question)
    {
        switch (question)
        {
            case HostQuestion host:
                host.Answer(null);
                break;
            case SignatureQuestion signature:
                signature.Answer(TestSigner.Sign(signature));
                break;
            default:
                question.Answer();
                break;
        }
    }

    private static void Finish(HostilePeer peer)
    {
        if (peer is HostileClient client)
        {
            if (!client.HasSaid(HandshakeType.CertificateRequest))
            {
                client.SendKeyFlight();
            }
            else
            {
                client.SendKeyExchange();
                client.SendCertificateVerify();
            }

            client.SendChangeCipherSpec();
            client.SendFinished();
            return;
        }

        var server = (HostileServer)peer;
        if (!server.HasSaid(HandshakeType.ClientKeyExchange))
        {
            server.SendKeyExchange();
            server.SendHelloDone();
        }

        server.SendClosingFlight();
    }

    private HostileClient AskForHost()
    {
        var peer = new HostileClient(TestServers.Server(_time, options => options.HostSelector = static (_, _) => throw new InvalidOperationException("the test answers"))) { Victim = { Answer = null } };
        peer.SendHello();
        Assert.IsType<HostQuestion>(peer.Victim.Connection.Question);
        return peer;
    }

    private HostileClient AskForServerSignature()
    {
        var peer = new HostileClient(new TlsServer(SigningOptions(TestPki.EcdsaP256))) { Victim = { Answer = null } };
        peer.SendHello();
        Assert.IsType<SignatureQuestion>(peer.Victim.Connection.Question);
        return peer;
    }

    private HostileClient AskAboutClient()
    {
        var peer = new HostileClient(TestServers.Server(_time, options => options.ClientCertificate = ClientCertificateRequirement.Required)) { Victim = { Answer = null }, Credential = TestPki.Client.Credential };
        peer.SendHello();
        peer.SendCertificate();
        Assert.Null(Assert.IsType<CertificateQuestion>(peer.Victim.Connection.Question).Host);
        return peer;
    }

    private HostileServer AskAboutServer()
    {
        var peer = new HostileServer(TestServers.Client(_time)) { Victim = { Answer = null } };
        peer.SendHello();
        peer.SendCertificate();
        Assert.Equal(TestServers.Name, Assert.IsType<CertificateQuestion>(peer.Victim.Connection.Question).Host);
        return peer;
    }

    private HostileServer AskForClientSignature()
    {
        using var signer = TlsCredential.FromSigner(TestPki.Client.Certificate, TestPki.Client.Intermediates, TestSigner.Instance);
        var peer = new HostileServer(TestServers.Client(_time, options => options.Credentials.Add(signer)));
        peer.SendHello();
        peer.SendCertificate();
        peer.SendKeyExchange();
        peer.SendCertificateRequest();
        peer.Victim.Answer = null;
        peer.SendHelloDone();
        Assert.IsType<SignatureQuestion>(peer.Victim.Connection.Question);
        return peer;
    }

    private TlsServerOptions SigningOptions(TestIdentity identity)
    {
        var options = new TlsServerOptions { TimeProvider = _time };
        options.Credentials.Add(TlsCredential.FromSigner(identity.Certificate, identity.Intermediates, TestSigner.Instance));
        return options;
    }

    /// <summary>Signs with the key that the test PKI has for the certificates that these tests use.</summary>
    private sealed class TestSigner : ITlsSigner
    {
        public static readonly TestSigner Instance = new();

        /// <summary>The server's data begins with the randoms and has a fixed length, the client's is the whole handshake.</summary>
        public static byte[] Sign(SignatureQuestion question) =>
            (question.Data.Length < 200 ? TestPki.EcdsaP256 : TestPki.Client).Credential.Sign(question.Scheme, question.Data.Span);

        public ValueTask<byte[]> SignAsync(SignatureScheme scheme, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => throw new InvalidOperationException("the test answers");
    }
}
