using System.Net.Security;
using System.Security.Authentication;
using Kippu.InteropTests.Capture;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Ours;
using Kippu.InteropTests.Peers;

namespace Kippu.InteropTests.Tls13;

/// <summary>All cases with our client and one foreign server.</summary>
internal static class ClientRole13
{
    public static async Task<IReadOnlyDictionary<string, Result13>> ObserveAsync(ServerPeer peer, CancellationToken cancellationToken)
    {
        var results = new Dictionary<string, Result13>();
        foreach (var one in Case13.All)
        {
            results[one.Name] = await ServerRole13.NamedAsync(one, () => ObserveAsync(peer, one, cancellationToken));
        }

        return results;
    }

    private static async Task<Result13> ObserveAsync(ServerPeer peer, Case13 one, CancellationToken cancellationToken)
    {
        if (one.IsRetried && !peer.CanChooseGroup)
        {
            return new Result13($"takes every group that our client has, and its groups cannot be set. {peer.WhyNoGroup}", "", IsAbsent: true);
        }

        using var folder = new TempFolder();
        using var capture = new PcapFile(folder["wire.pcap"]);
        var task = new ServerTask { Credential = one.Server, ClientCertificate = one.Requirement, AllVersions = true, Alpn = one.Alpn, Group = one.IsRetried ? one.Group : null };
        await using var server = await peer.StartAsync(task, folder, cancellationToken);
        await using var relay = new RecordingRelay(capture, _ => server.Port);
        var client = KippuClients.Make(options => Allow(one, options));
        List<PeerWords> words = [];
        List<TlsConnectionInfo> ours = [];
        for (var connection = 0; connection < one.Connections; connection++)
        {
            var visit = await KippuVisit.GetAsync(client, relay.Port, cancellationToken);
            ours.Add(visit.Info);
            words.Add(await server.WordsAsync(visit.Response, cancellationToken));
        }

        await relay.DrainAsync(cancellationToken);
        var seen = await SeenHandshake13.ReadAsync(capture.Path, cancellationToken);
        one.Check(seen, ours, words);
        return new Result13(one.Quote(words), seen[^1].Words);
    }

    private static void Allow(Case13 one, TlsClientOptions options)
    {
        options.Protocols = SslProtocols.Tls13;
        options.CipherSuites.Clear();
        if (one.Suite is { } suite)
        {
            options.CipherSuites.Add(suite);
        }

        if (one.Client is { } credential)
        {
            options.Credentials.Add(credential.Identity.Credential);
        }

        // A retry needs a group of which the first hello has no share: the server's, after another.
        if (one.Group is { } group)
        {
            options.Groups.Add(one.IsRetried ? NamedGroup.Secp256r1 : group);
            if (one.IsRetried)
            {
                options.Groups.Add(group);
            }
        }

        if (one.Alpn)
        {
            options.ApplicationProtocols.Add(SslApplicationProtocol.Http11);
        }
    }
}
