using System.Net.Security;
using System.Security.Authentication;
using Kippu.InteropTests.Capture;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Ours;
using Kippu.InteropTests.Peers;
using Kippu.Tests;
using Xunit;

namespace Kippu.InteropTests.Tls13;

/// <summary>All cases with our server and one foreign client.</summary>
internal static class ServerRole13
{
    public static async Task<IReadOnlyDictionary<string, Result13>> ObserveAsync(ClientPeer peer, CancellationToken cancellationToken)
    {
        var results = new Dictionary<string, Result13>();
        foreach (var one in Case13.All)
        {
            results[one.Name] = await NamedAsync(one, () => ObserveAsync(peer, one, cancellationToken));
        }

        return results;
    }

    /// <summary>Says in a failure what it was about.</summary>
    public static async Task<Result13> NamedAsync(Case13 one, Func<Task<Result13>> observe)
    {
        try
        {
            return await observe();
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{one}: {failure.Message}", failure);
        }
    }

    private static async Task<Result13> ObserveAsync(ClientPeer peer, Case13 one, CancellationToken cancellationToken)
    {
        using var folder = new TempFolder();
        using var capture = new PcapFile(folder["wire.pcap"]);
        await using var host = new KippuHost(KippuServers.Make(options => Allow(one, options)));
        await using var relay = new RecordingRelay(capture, _ => host.Port);
        var task = new ClientTask { Port = relay.Port, Folder = folder, Connections = one.Connections, ClientCertificate = one.Client, AllVersions = true, Alpn = one.Alpn };
        IReadOnlyList<PeerWords> words = [];
        InvalidOperationException? failure = null;
        try
        {
            words = await peer.ConnectAsync(task, cancellationToken);
        }
        catch (InvalidOperationException refused) when (one == Case13.RetriedAndResumed && !peer.HasRightBindersAfterRetry)
        {
            failure = refused;
        }

        await relay.DrainAsync(cancellationToken);
        var hosted = await host.ConnectionsAsync(cancellationToken);
        var seen = await SeenHandshake13.ReadAsync(capture.Path, cancellationToken);
        if (failure is not null)
        {
            return Refused(failure, hosted, seen);
        }

        Assert.All(hosted, connection => Assert.Equal(one.Client?.Identity.Certificate.Subject, connection.ClientSubject));
        if (one.Alpn && hosted[0].Info!.ApplicationProtocol != SslApplicationProtocol.Http11)
        {
            return new Result13($"cannot offer it. tshark: its `Client Hello` has the extensions {string.Join(", ", seen[^1].ClientExtensions)}, not {ExtensionNumbers.Alpn}", "", IsAbsent: true);
        }

        one.Check(seen, [.. hosted.Select(connection => connection.Info!)], words);
        return new Result13(one.Quote(words), seen[^1].Words);
    }

    /// <summary>Binders that were not computed anew over the second hello: the only right answer is illegal_parameter or decrypt_error (RFC 8446 §4.2.11).</summary>
    private static Result13 Refused(InvalidOperationException failure, IReadOnlyList<HostedConnection> hosted, IReadOnlyList<SeenHandshake13> seen)
    {
        var fault = Assert.IsType<TlsException>(hosted[^1].Failure);
        Assert.NotNull(hosted[0].Info);
        Assert.True(seen[^1].IsRetried);
        var words = failure.Message.Split('\n').Last(line => line.Contains("tls: ", StringComparison.Ordinal));
        return new Result13($"sends a binder that is not over the second hello; refusing it is right: {fault.Fault}. `{words.Trim()}`", seen[^1].Words, IsAbsent: true);
    }

    private static void Allow(Case13 one, TlsServerOptions options)
    {
        options.Protocols = SslProtocols.Tls13;
        options.CipherSuites.Clear();
        options.Credentials.Clear();
        options.Credentials.Add(one.Server.Identity.Credential);
        options.ClientCertificate = one.Requirement;
        options.ClientVerification = TestPki.Verification;
        if (one.Suite is { } suite)
        {
            options.CipherSuites.Add(suite);
        }

        if (one.Group is { } group)
        {
            options.Groups.Add(group);
        }

        if (one.Alpn)
        {
            options.ApplicationProtocols.Add(SslApplicationProtocol.Http11);
        }
    }
}
