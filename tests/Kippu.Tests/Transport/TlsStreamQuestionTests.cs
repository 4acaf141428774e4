using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kippu.Tests.Handshake;
using Xunit;

namespace Kippu.Tests.Transport;

/// <summary>What the core asks, the stream answers from the options.</summary>
public abstract class TlsStreamQuestionTests(SslProtocols protocol) : TransportTests(protocol)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_remote_signer_is_waited_for(bool blocks)
    {
        await using var pair = TlsPair.Create();
        var signer = new SlowSigner();
        var server = Server(TimeProvider.System, options => Replace(options, signer));

        var accept = blocks ? Task.Run(() => pair.Server.AuthenticateAsServer(server)) : pair.Server.AuthenticateAsServerAsync(server);
        var connect = pair.Client.AuthenticateAsClientAsync(Client(TimeProvider.System), TlsPair.Target);
        await signer.Asked.Task.Soon();
        Assert.False(accept.IsCompleted || connect.IsCompleted);
        signer.Ready.SetResult();

        await Task.WhenAll(accept, connect).Soon();
    }

    [Fact]
    public async Task A_signer_that_fails_ends_the_handshake_with_its_own_reason()
    {
        await using var pair = TlsPair.Create();
        var signer = new SlowSigner();
        var outage = new InvalidOperationException("the key service is down");
        signer.Ready.SetException(outage);
        var accept = pair.Server.AuthenticateAsServerAsync(Server(TimeProvider.System, options => Replace(options, signer)));

        var told = await Assert.ThrowsAsync<TlsException>(() => pair.Client.AuthenticateAsClientAsync(Client(TimeProvider.System), TlsPair.Target).Soon());
        var fault = await Assert.ThrowsAsync<TlsException>(() => accept.Soon());

        Assert.Equal(AlertDescription.InternalError, told.Alert);
        Assert.Equal(TlsFault.InternalError, fault.Fault);
        Assert.Same(outage, fault.InnerException);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_host_is_chosen_by_the_selector(bool blocks)
    {
        await using var pair = TlsPair.Create();
        TlsServer? server = null;
        server = Server(TimeProvider.System, options => options.HostSelector = async (hello, _) =>
        {
            await Task.Yield();
            var host = new TlsHostOptions { ScopeName = "rsa" };
            host.Credentials.Add(TestPki.Rsa2048.Credential);
            return hello.ServerName == TestServers.Name ? server!.CreateHost(host) : null;
        });

        var accept = blocks ? Task.Run(() => pair.Server.AuthenticateAsServer(server)) : pair.Server.AuthenticateAsServerAsync(server);
        await pair.Client.AuthenticateAsClientAsync(Client(TimeProvider.System), TlsPair.Target).Soon();
        await accept.Soon();

        Assert.Equal(TestPki.Rsa2048.Certificate.Thumbprint, pair.Client.Info.PeerCertificate!.Thumbprint);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_applications_verification_has_the_last_word(bool accepts)
    {
        await using var pair = TlsPair.Create();
        CertificateVerificationContext? asked = null;
        var client = Client(TimeProvider.System, options =>
        {
            options.ServerVerification = new CertificateVerificationOptions
            {
                CustomTrustRoots = TestPki.TrustedRoots,
                Callback = async (context, _) =>
                {
                    await Task.Yield();
                    asked = context;
                    return accepts;
                },
            };
        });
        var accept = pair.Server.AuthenticateAsServerAsync(Server(TimeProvider.System));
        var connect = pair.Client.AuthenticateAsClientAsync(client, new TlsTarget("other.example"));

        if (accepts)
        {
            await Task.WhenAll(accept, connect).Soon();
        }
        else
        {
            Assert.Equal(TlsFault.CertificateNameMismatch, (await Assert.ThrowsAsync<TlsException>(() => connect.Soon())).Fault);
            await Assert.ThrowsAsync<TlsException>(() => accept.Soon());
        }

        Assert.Contains(TlsFault.CertificateNameMismatch, asked!.Faults);
    }

    [Fact]
    public async Task A_verification_that_throws_ends_the_handshake_with_its_own_reason()
    {
        await using var pair = TlsPair.Create();
        var outage = new TimeoutException("no answer from the directory");
        var client = Client(TimeProvider.System, options => options.ServerVerification = new CertificateVerificationOptions
        {
            CustomTrustRoots = TestPki.TrustedRoots,
            Callback = (_, _) => throw outage,
        });
        var accept = pair.Server.AuthenticateAsServerAsync(Server(TimeProvider.System));

        var fault = await Assert.ThrowsAsync<TlsException>(() => pair.Client.AuthenticateAsClientAsync(client, TlsPair.Target).Soon());

        Assert.Same(outage, fault.InnerException);
        Assert.Equal(AlertDescription.InternalError, (await Assert.ThrowsAsync<TlsException>(() => accept.Soon())).Alert);
    }

    [Fact]
    public async Task Chains_are_built_away_from_the_thread_that_does_IO()
    {
        await using var pair = TlsPair.Create();
        var accept = pair.Server.AuthenticateAsServerAsync(Server(TimeProvider.System));
        var ioThread = Environment.CurrentManagedThreadId;
        var verifyingThread = 0;
        var client = Client(TimeProvider.System, options => options.ServerVerification = new CertificateVerificationOptions
        {
            CustomTrustRoots = TestPki.TrustedRoots,
            Callback = (_, _) =>
            {
                verifyingThread = Environment.CurrentManagedThreadId;
                return ValueTask.FromResult(true);
            },
        });

        // This thread carries the bytes of both sides; it is not given back to the pool before the verification has begun elsewhere.
        var connect = pair.Client.AuthenticateAsClientAsync(client, TlsPair.Target);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref verifyingThread) != 0, TimeSpan.FromSeconds(30)));

        Assert.NotEqual(ioThread, verifyingThread);
        await Task.WhenAll(accept, connect).Soon();
    }

    [Fact]
    public void A_question_that_is_left_behind_keeps_the_certificates_it_was_about()
    {
        TlsQuestion? question;
        using (var pair = new ConnectionPair(Client(TimeProvider.System), Server(TimeProvider.System)))
        {
            pair.Client.Answer = null;
            pair.Run();
            question = pair.Client.Connection.Question;
        }

        Assert.Equal(TestPki.Server.Chain.Select(certificate => certificate.ToArray()), ((CertificateQuestion)question!).Chain.Select(certificate => certificate.ToArray()));
    }

    private static void Replace(TlsServerOptions options, ITlsSigner signer)
    {
        options.Credentials.Clear();
        options.Credentials.Add(TlsCredential.FromSigner(TestPki.EcdsaP256.Certificate, TestPki.EcdsaP256.Intermediates, signer));
    }

    private sealed class SlowSigner : ITlsSigner
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Ready { get; } = new();

        public async ValueTask<byte[]> SignAsync(SignatureScheme scheme, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            Asked.TrySetResult();
            await Ready.Task;
            using var key = TestPki.EcdsaP256.Certificate.GetECDsaPrivateKey()!;
            var hash = scheme == SignatureScheme.EcdsaSecp256r1Sha256 ? HashAlgorithmName.SHA256
                : scheme == SignatureScheme.EcdsaSecp384r1Sha384 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA512;
            return key.SignData(data.Span, hash, DSASignatureFormat.Rfc3279DerSequence);
        }
    }
}

public sealed class TlsStreamQuestionTestsOver12() : TlsStreamQuestionTests(SslProtocols.Tls12);

public sealed class TlsStreamQuestionTestsOver13() : TlsStreamQuestionTests(SslProtocols.Tls13);
