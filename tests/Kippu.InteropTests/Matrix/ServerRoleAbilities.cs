using System.Net.Security;
using Kippu.InteropTests.Capture;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Ours;
using Kippu.InteropTests.Peers;
using Kippu.Tests;
using Xunit;

namespace Kippu.InteropTests.Matrix;

/// <summary>All abilities with our server and one foreign client.</summary>
internal static class ServerRoleAbilities
{
    public static async Task<IReadOnlyDictionary<string, string>> ObserveAsync(ClientPeer peer, CancellationToken cancellationToken)
    {
        using var folder = new TempFolder();
        using var capture = new PcapFile(folder["wire.pcap"]);
        await using var host = new KippuHost([.. Ability.All.SelectMany(ability => Enumerable.Repeat(Server(ability, peer), ability.Connections))]);
        await using var relay = new RecordingRelay(capture, _ => host.Port);
        List<IReadOnlyList<PeerWords>> words = [];
        foreach (var ability in Ability.All)
        {
            using var clientFolder = new TempFolder();
            var task = new ClientTask { Port = relay.Port, Folder = clientFolder, Connections = ability.Connections, ClientCertificate = ability.Client, EverySuite = ability.Connections == 1, AllVersions = ability.AllVersions, Alpn = ability.Alpn };
            words.Add(await ability.NamingItAsync(() => peer.ConnectAsync(task, cancellationToken)));
        }

        await relay.DrainAsync(cancellationToken);
        var seen = new Queue<SeenHandshake>(await Tshark.HandshakesAsync(capture.Path, cancellationToken));
        var hosted = new Queue<HostedConnection>(await host.ConnectionsAsync(cancellationToken));
        var quotes = new Dictionary<string, string>();
        foreach (var (ability, said) in Ability.All.Zip(words))
        {
            List<SeenHandshake> mine = [.. Enumerable.Range(0, ability.Connections).Select(_ => seen.Dequeue())];
            List<HostedConnection> ours = [.. Enumerable.Range(0, ability.Connections).Select(_ => hosted.Dequeue())];
            ability.Check(mine, said);
            Assert.All(ours, connection => Assert.Equal(ability.Client?.Identity.Certificate.Subject, connection.ClientSubject));
            quotes[ability.Name] = ability.Quote(said[^1], mine[^1]);
        }

        return quotes;
    }

    private static TlsServer Server(Ability ability, ClientPeer peer) => KippuServers.Make(options =>
    {
        options.Credentials.Clear();
        options.Credentials.Add(ability.Server.Identity.Credential);
        options.CipherSuites.Clear();
        options.CipherSuites.Add(ability.Suite);
        options.ClientCertificate = ability.Requirement;
        options.ClientVerification = TestPki.Verification;
        options.SessionCache = new MemorySessionCache();
        options.Tickets.AllowLegacyResumption = !peer.HasExtendedMasterSecret;
        if (ability.Alpn)
        {
            options.ApplicationProtocols.Add(SslApplicationProtocol.Http11);
        }

        if (ability.Group is { } group)
        {
            options.Groups.Add(group);
        }

        if (ability.Scheme is { } scheme)
        {
            options.SignatureSchemes.Add(scheme);
        }
    });
}
