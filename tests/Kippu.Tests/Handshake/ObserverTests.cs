using Kippu.Tests.Handshake.Peers;
using Kippu.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Kippu.Tests.Handshake;

/// <summary>An observer sees what was said, all of it, in the order of the wire; and asking it for fields never throws.</summary>
public sealed class ObserverTests
{
    private readonly FakeTimeProvider _time = TestServers.Clock();

    public static TheoryData<bool, HandshakeType> Messages => Conversations.Messages;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Both_ends_see_every_message_in_order(bool resumes, bool authenticates)
    {
        var ofClient = new Recorder();
        var ofServer = new Recorder();
        var server = TestServers.Server(_time, options =>
        {
            options.Observer = ofServer;
            options.ClientCertificate = authenticates ? ClientCertificateRequirement.Required : ClientCertificateRequirement.None;
            options.Tickets.Renewal = TicketRenewal.Always;
        });
        var client = TestServers.Client(_time, options =>
        {
            options.Observer = ofClient;
            options.Credentials.Add(TestPki.Client.Credential);
        });
        if (resumes)
        {
            new ConnectionPair(client, server).Connect().Dispose();
            ofClient.Events.Clear();
            ofServer.Events.Clear();
        }

        using var pair = new ConnectionPair(client, server).Connect();
        string[] expected = resumes
            ? [">ClientHello", "<ServerHello", "<NewSessionTicket", "<ChangeCipherSpec", "<Finished*", ">ChangeCipherSpec", ">Finished*"]
            : authenticates
                ?
                [
                    ">ClientHello", "<ServerHello", "<Certificate", "<ServerKeyExchange", "<CertificateRequest", "<ServerHelloDone", ">Certificate", ">ClientKeyExchange",
                    ">CertificateVerify", ">ChangeCipherSpec", ">Finished*", "<NewSessionTicket", "<ChangeCipherSpec", "<Finished*",
                ]
                :
                [
                    ">ClientHello", "<ServerHello", "<Certificate", "<ServerKeyExchange", "<ServerHelloDone", ">ClientKeyExchange", ">ChangeCipherSpec", ">Finished*",
                    "<NewSessionTicket", "<ChangeCipherSpec", "<Finished*",
                ];
        Assert.Equal(expected, ofClient.Events.Select(Describe));
        Assert.Equal(expected.Select(name => (name[0] == '>' ? '<' : '>') + name[1..]), ofServer.Events.Select(Describe));
        Assert.Equal(ofClient.Events.Select(seen => Convert.ToHexString(seen.Bytes)), ofServer.Events.Select(seen => Convert.ToHexString(seen.Bytes)));
        Assert.All(ofClient.Events, seen => Assert.Equal(pair.Client.Connection.Number, seen.Connection));
    }

    [Fact]
    public void Alerts_are_seen_by_who_sends_and_by_who_gets_them()
    {
        var ofClient = new Recorder();
        var ofServer = new Recorder();
        var server = TestServers.Server(_time, options => (options.Observer, options.RequireExtendedMasterSecret) = (ofServer, true));
        using var pair = new ConnectionPair(TestServers.Client(_time, options => options.Observer = ofClient), server).Connect();
        pair.Client.Connection.Close();
        pair.Run();
        Assert.Equal((HandshakeEventKind.Alert, true, AlertDescription.CloseNotify, false), Last(ofClient));
        Assert.Equal((HandshakeEventKind.Alert, false, AlertDescription.CloseNotify, false), Last(ofServer));
        Assert.True(ofServer.Events[^1].IsProtected);

        using var peer = new HostileClient(server) { ExtendedMasterSecret = false };
        peer.SendHello();
        Assert.Equal((HandshakeEventKind.Alert, true, AlertDescription.HandshakeFailure, true), Last(ofServer));
        Assert.False(ofServer.Events[^1].IsProtected);

        static (HandshakeEventKind Kind, bool IsSent, AlertDescription Alert, bool IsFatal) Last(Recorder recorder)
        {
            var seen = recorder.Events[^1];
            return (seen.Kind, seen.IsSent, seen.Alert, seen.IsFatal);
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Fields_of_a_message_that_is_cut_short_are_described_too(bool victimIsServer, HandshakeType type)
    {
        for (var cut = 0; cut < 60; cut++)
        {
            var recorder = new Recorder();
            using HostilePeer peer = victimIsServer
                ? new HostileClient(TestServers.Server(_time, options => (options.Observer, options.ClientCertificate) = (recorder, ClientCertificateRequirement.Optional)))
                : new HostileServer(TestServers.Client(_time, options => options.Observer = recorder)) { PromisesTicket = true, ExtendedMasterSecret = false };
            peer.Edit = Edits.Body(type, body => body[..Math.Min(cut, body.Length)]);
            peer.Connect();

            Assert.Null(recorder.Failure);
            Assert.NotEmpty(recorder.Events);
        }
    }

    [Fact]
    public void Messages_of_any_type_and_content_are_described()
    {
        var random = new Random(5077);
        for (var type = 0; type < 256; type++)
        {
            var recorder = new Recorder();
            using var peer = new HostileClient(TestServers.Server(_time, options => options.Observer = recorder));
            var body = new byte[random.Next(100)];
            random.NextBytes(body);
            peer.SendMessage((HandshakeType)type, body);

            Assert.Null(recorder.Failure);
            Assert.Equal((HandshakeType)type, recorder.Events[0].Type);
            Assert.Equal(AlertDescription.UnexpectedMessage, type == 1 ? AlertDescription.UnexpectedMessage : recorder.Events[^1].Alert);
        }
    }

    [Fact]
    public void Fields_bear_the_names_of_the_RFCs()
    {
        var recorder = new Recorder();
        using var pair = new ConnectionPair(TestServers.Client(_time, options => options.Observer = recorder), TestServers.Server(_time)).Connect();

        Assert.Contains(FieldsOf(HandshakeType.ClientHello), field => field.Name == "cipher_suites");
        Assert.Contains(FieldsOf(HandshakeType.NewSessionTicket), field => field is { Name: "ticket_lifetime_hint", Value: "43200 s" });
        Assert.Contains(FieldsOf(HandshakeType.Finished), field => field.Name == "verify_data");

        IReadOnlyList<HandshakeField> FieldsOf(HandshakeType type) => recorder.Events.First(seen => seen.Type == type).Fields;
    }

    private static string Describe(Seen seen) =>
        (seen.IsSent ? ">" : "<") + (seen.Kind == HandshakeEventKind.Handshake ? seen.Type.ToString() : seen.Kind.ToString()) + (seen.IsProtected ? "*" : "");

    private sealed record Seen(
        long Connection, bool IsSent, HandshakeEventKind Kind, HandshakeType Type, byte[] Bytes, bool IsProtected, AlertDescription Alert, bool IsFatal, IReadOnlyList<HandshakeField> Fields);

    private sealed class Recorder : IHandshakeObserver
    {
        public List<Seen> Events { get; } = [];

        public Exception? Failure { get; private set; }

        public void OnEvent(long connection, in HandshakeEvent e)
        {
            IReadOnlyList<HandshakeField> fields = [];
            try
            {
                fields = e.DescribeFields();
            }
            catch (Exception failure)
            {
                Failure = failure;
            }

            Events.Add(new Seen(connection, e.IsSent, e.Kind, e.Type, e.Message.ToArray(), e.IsProtected, e.Alert, e.IsFatal, fields));
        }
    }
}
