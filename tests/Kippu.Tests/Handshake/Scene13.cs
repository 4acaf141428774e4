using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>A client and a server that make one kind of TLS 1.3 handshake, again and again.</summary>
internal sealed class Scene13
{
    public const string Full = "full";
    public const string Resumed = "resumed";
    public const string Retried = "resumed after a HelloRetryRequest";
    public const string Certified = "with a client certificate";
    public const string LargeHello = "with a hello of over 1,500 bytes";
    public const string Early = "with early data";
    public const string EarlyRefused = "with early data that is refused";

    private const int LargeHelloLength = 1500;
    private static readonly byte[] s_early = Encoding.ASCII.GetBytes("early");
    private static readonly byte[] s_data = Encoding.ASCII.GetBytes("data");

    private readonly string _kind;
    private readonly bool _asks;
    private readonly FakeTimeProvider _time = TestServers.Clock();
    private readonly TlsClient _client;
    private readonly TlsServer _server;
    private readonly byte[] _sessions = [];

    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="asks">Both sides ask about everything that can be asked.</param>
    public Scene13(string kind, bool asks = false)
    {
        _kind = kind;
        _asks = asks;
        _server = TestServers.Server13(_time, Configure);
        _client = TestServers.Client13(_time, Configure);

        // The replay guard has watched for its whole window by then.
        _time.Advance(TimeSpan.FromMinutes(1));
        if (Resumes)
        {
            using var first = new ConnectionPair(_client, _server) { Server = { Answer = Answer }, Client = { Answer = Answer } }.Connect();
            using var exported = new MemoryStream();
            _client.SessionStore.Export(exported);
            _sessions = exported.ToArray();
        }
    }

    public static string[] Kinds => [Full, Resumed, Retried, Certified, LargeHello, Early, EarlyRefused];

    private bool Resumes => _kind is Resumed or Retried or Early or EarlyRefused;

    private bool WritesEarly => _kind is Early or EarlyRefused;

    /// <summary>The two ends, with the same session each time if this is about resumption.</summary>
    public ConnectionPair Begin()
    {
        _client.SessionStore.Clear();
        if (Resumes)
        {
            _client.SessionStore.Import(new MemoryStream(_sessions), _time.GetUtcNow());
        }

        return new ConnectionPair(_client, _server) { Server = { Answer = Answer }, Client = { Answer = Answer } };
    }

    /// <summary>Goes on with what the client says first, as far as it goes.</summary>
    public void Run(ConnectionPair pair)
    {
        if (WritesEarly)
        {
            pair.SendEarly(s_early);
        }

        pair.Run();
    }

    /// <summary>The whole handshake and a little data, cut on the way.</summary>
    public ConnectionPair Run(Func<byte[], IEnumerable<byte[]>>? cut = null)
    {
        var pair = Begin();
        pair.Cut = cut ?? pair.Cut;
        Run(pair);
        Finish(pair);
        return pair;
    }

    /// <summary>The rest of the handshake, and a little data.</summary>
    public void Finish(ConnectionPair pair)
    {
        pair.Connect();
        foreach (var piece in pair.Cut(pair.Client.Write(s_data)))
        {
            pair.Server.Receive(piece);
        }

        foreach (var piece in pair.Cut(pair.Server.Write(s_data)))
        {
            pair.Client.Receive(piece);
        }

        Check(pair);
    }

    /// <summary>Answers as the options say.</summary>
    public static void Answer(TlsQuestion question)
    {
        switch (question)
        {
            case ReplayQuestion replay:
                var use = replay.Guard.TryUseAsync(replay.Key, replay.Expires, CancellationToken.None);
                replay.Answer(use.IsCompleted && use.Result);
                break;
            case HostQuestion host:
                host.Answer(null);
                break;
            case SignatureQuestion signature:
                var isServer = signature.Data.Span.IndexOf("server CertificateVerify"u8) >= 0;
                signature.Answer((isServer ? TestPki.EcdsaP256 : TestPki.Client).Credential.Sign(signature.Scheme, signature.Data.Span));
                break;
            default:
                question.Answer();
                break;
        }
    }

    private void Check(ConnectionPair pair)
    {
        foreach (var info in new[] { pair.Client.Connection.Info, pair.Server.Connection.Info })
        {
            Assert.Equal(SslProtocols.Tls13, info.Protocol);
            Assert.Equal(Resumes, info.IsResumed);
            Assert.Equal(_kind == Retried, info.RetriedHello);
            Assert.Equal(_kind == Early, info.EarlyDataAccepted);
        }

        Assert.Equal(_kind == Certified, pair.Server.Connection.Info.PeerCertificate is not null);
        Assert.True(_kind != LargeHello || pair.FromClient.Count > LargeHelloLength);
        Assert.Equal(_kind == Early ? s_early : [], pair.Server.EarlyDelivered);
        Assert.Equal(_kind == EarlyRefused, pair.Client.EarlyDataRejected);
        Assert.Equal(s_data, pair.Server.Delivered);
        Assert.Equal(s_data, pair.Client.Delivered);
    }

    private void Configure(TlsServerOptions options)
    {
        if (_asks)
        {
            options.HostSelector = static (_, _) => throw new InvalidOperationException("the test answers");
            options.Credentials.Clear();
            options.Credentials.Add(TlsCredential.FromSigner(TestPki.EcdsaP256.Certificate, TestPki.EcdsaP256.Intermediates, new Signer()));
        }

        options.ClientCertificate = _kind == Certified ? ClientCertificateRequirement.Required : ClientCertificateRequirement.None;
        options.EarlyData.MaxSize = WritesEarly ? 1000 : 0;
        options.EarlyData.ReplayGuard = _asks || _kind == EarlyRefused ? new Guard(_kind != EarlyRefused) : null;
        if (_kind == Retried)
        {
            options.Groups.Add(NamedGroup.Secp384r1);
        }
    }

    private void Configure(TlsClientOptions options)
    {
        options.Credentials.Add(_asks ? TlsCredential.FromSigner(TestPki.Client.Certificate, TestPki.Client.Intermediates, new Signer()) : TestPki.Client.Credential);
        options.EnableEarlyData = WritesEarly;
        for (var i = 0; _kind == LargeHello && i < 6; i++)
        {
            options.ApplicationProtocols.Add(new SslApplicationProtocol(new string((char)('a' + i), 250)));
        }
    }

    private sealed class Signer : ITlsSigner
    {
        public ValueTask<byte[]> SignAsync(SignatureScheme scheme, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => throw new InvalidOperationException("the test answers");
    }

    private sealed class Guard(bool verdict) : IReplayGuard
    {
        public ValueTask<bool> TryUseAsync(ReadOnlyMemory<byte> key, DateTimeOffset expires, CancellationToken cancellationToken) => new(verdict);
    }
}
