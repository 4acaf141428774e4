using System.Security.Authentication;
using Kippu.Resumption;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>
/// Sessions that come from a file say which certificate they rest on; before one is offered the client looks whether that is for this host (RFC 8446 §4.6.1), as
/// a full handshake would have. Without that, a session for one name would authenticate another.
/// </summary>
public sealed class ImportedSessionTests
{
    private readonly FakeTimeProvider _time = TestServers.Clock();
    private readonly TlsServer _server;

    public ImportedSessionTests() => _server = TestServers.Server(_time, options => options.Protocols = SslProtocols.None);

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void A_session_for_this_host_is_offered(SslProtocols protocol)
    {
        var client = Client(protocol);
        Import(client, Session(protocol), Key(protocol, new TlsTarget(TestServers.Name)));
        using var pair = new ConnectionPair(client, _server).Connect();

        Assert.True(pair.Client.Connection.Info.IsResumed);
        Assert.Equal(TestPki.Server.Certificate.Thumbprint, pair.Client.Connection.Info.PeerCertificate!.Thumbprint);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void A_session_that_rests_on_the_certificate_of_another_host_is_not_offered_and_goes(SslProtocols protocol)
    {
        // The name that is sent is the session's, so that nothing else is in the way; the host is not.
        var elsewhere = new TlsTarget("elsewhere.example") { ServerName = TestServers.Name };
        var client = Client(protocol);
        Import(client, Session(protocol), Key(protocol, elsewhere));
        using var pair = new ConnectionPair(client, _server, elsewhere).Run();

        Assert.Equal(TlsFault.CertificateNameMismatch, pair.Client.Fault?.Fault);
        Assert.False(pair.Server.Connection.IsConnected);
        Assert.Equal(0, client.SessionStore.Count);
    }

    [Fact]
    public void That_it_is_for_this_host_is_looked_up_once()
    {
        var client = Client(SslProtocols.Tls12);
        var key = Key(SslProtocols.Tls12, new TlsTarget(TestServers.Name));
        Import(client, Session(SslProtocols.Tls12), key);
        using var connection = client.CreateConnection(new TlsTarget(TestServers.Name));
        using var session = client.SessionStore.Find(key, _time.GetUtcNow());

        Assert.True(session!.IsServerNameChecked);
    }

    [Fact]
    public void What_the_callback_accepted_for_another_name_needs_no_name()
    {
        var elsewhere = new TlsTarget("elsewhere.example") { ServerName = TestServers.Name };
        var first = Overruling();
        using (var full = new ConnectionPair(first, _server, elsewhere).Connect())
        {
            Assert.False(full.Client.Connection.Info.IsResumed);
        }

        var client = Overruling();
        using var stream = new MemoryStream(Export(first.SessionStore));
        client.SessionStore.Import(stream, _time.GetUtcNow());
        using var pair = new ConnectionPair(client, _server, elsewhere).Connect();

        Assert.True(pair.Client.Connection.Info.IsResumed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("3000")]
    [InlineData("308201")]
    [InlineData(null)]
    public void A_session_whose_certificate_cannot_be_read_is_not_offered_and_breaks_nothing(string? hex)
    {
        var client = Client(SslProtocols.Tls12);
        var key = Key(SslProtocols.Tls12, new TlsTarget(TestServers.Name));
        using var session = Session(SslProtocols.Tls12);
        client.SessionStore.Add(key, session.RestingOn(hex is null ? null : Convert.FromHexString(hex)), _time.GetUtcNow());
        using var pair = new ConnectionPair(client, _server).Connect();

        Assert.False(pair.Client.Connection.Info.IsResumed);
    }

    private static byte[] Export(ClientSessionStore store)
    {
        using var stream = new MemoryStream();
        store.Export(stream);
        return stream.ToArray();
    }

    /// <summary>A session of a handshake that verified the server as localhost.</summary>
    private ClientSession Session(SslProtocols protocol)
    {
        var client = Client(protocol);
        using var pair = new ConnectionPair(client, _server).Connect();
        return client.SessionStore.Find(Key(protocol, new TlsTarget(TestServers.Name)), _time.GetUtcNow())!;
    }

    /// <summary>The session goes through a file, where somebody writes another host beside it.</summary>
    private void Import(TlsClient client, ClientSession session, ClientSessionKey key)
    {
        var file = new ClientSessionStore();
        file.Add(key, session, _time.GetUtcNow());
        using var stream = new MemoryStream(Export(file));
        Assert.Equal(1, client.SessionStore.Import(stream, _time.GetUtcNow()));
    }

    private ClientSessionKey Key(SslProtocols protocol, TlsTarget target) =>
        ClientSessionKey.Create(ClientPolicyBuilder.Build(Options(protocol)).SessionPolicyDigest, target.Host, target.Port, target.ServerName ?? target.Host, target.Partition);

    private TlsClient Client(SslProtocols protocol) => new(Options(protocol));

    private TlsClientOptions Options(SslProtocols protocol)
    {
        var options = TestServers.ClientOptions(_time);
        options.Protocols = protocol;
        return options;
    }

    private TlsClient Overruling() => TestServers.Client(_time, options =>
    {
        options.ServerVerification.Callback = static (_, _) => ValueTask.FromResult(true);
        options.ServerVerification.CallbackId = "any name";
    });
}
