using System.Net.Security;
using Kippu.InteropTests.Capture;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Ours;
using Kippu.InteropTests.Peers;

namespace Kippu.InteropTests.Matrix;

/// <summary>All abilities with our client and one foreign server.</summary>
internal static class ClientRoleAbilities
{
    public static async Task<IReadOnlyDictionary<string, string>> ObserveAsync(ServerPeer peer, CancellationToken cancellationToken)
    {
        var quotes = new Dictionary<string, string>();

        // One server for all abilities that need the same of it.
        var lacking = await peer.LacksAsync(Pattern.Resumed, cancellationToken);
        foreach (var alike in Ability.All.Where(ability => lacking is null || ability.Connections == 1).GroupBy(ability => (ability.Server, ability.Requirement, ability.Alpn, ability.AllVersions)))
        {
            await ObserveAlikeAsync(peer, [.. alike], quotes, cancellationToken);
        }

        if (lacking is not null)
        {
            foreach (var ability in Ability.All.Where(ability => ability.Connections > 1))
            {
                quotes[ability.Name] = lacking.ToCell().Words;
            }
        }

        return quotes;
    }

    private static async Task ObserveAlikeAsync(ServerPeer peer, IReadOnlyList<Ability> abilities, Dictionary<string, string> quotes, CancellationToken cancellationToken)
    {
        using var folder = new TempFolder();
        using var capture = new PcapFile(folder["wire.pcap"]);
        var task = new ServerTask { Credential = abilities[0].Server, ClientCertificate = abilities[0].Requirement, EverySuite = abilities.All(ability => ability.Connections == 1), AllVersions = abilities[0].AllVersions, Alpn = abilities[0].Alpn };
        await using var server = await peer.StartAsync(task, folder, cancellationToken);
        await using var relay = new RecordingRelay(capture, _ => server.Port);
        List<List<PeerWords>> words = [];
        foreach (var ability in abilities)
        {
            var client = Client(ability);
            words.Add([]);
            for (var connection = 0; connection < ability.Connections; connection++)
            {
                words[^1].Add(await ability.NamingItAsync(async () =>
                {
                    var visit = await KippuVisit.GetAsync(client, relay.Port, cancellationToken);
                    return await server.WordsAsync(visit.Response, cancellationToken);
                }));
            }
        }

        await relay.DrainAsync(cancellationToken);
        var seen = new Queue<SeenHandshake>(await Tshark.HandshakesAsync(capture.Path, cancellationToken));
        foreach (var (ability, said) in abilities.Zip(words))
        {
            List<SeenHandshake> mine = [.. Enumerable.Range(0, ability.Connections).Select(_ => seen.Dequeue())];
            ability.Check(mine, said);
            quotes[ability.Name] = ability.Quote(said[^1], mine[^1]);
        }
    }

    private static TlsClient Client(Ability ability) => KippuClients.Make(options =>
    {
        options.CipherSuites.Clear();
        options.CipherSuites.Add(ability.Suite);
        if (ability.Client is { } credential)
        {
            options.Credentials.Add(credential.Identity.Credential);
        }

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
