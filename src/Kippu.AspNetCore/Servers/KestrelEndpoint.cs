using System.Buffers;
using Kippu.AspNetCore.Configuration;
using Kippu.AspNetCore.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Kippu.AspNetCore.Servers;

/// <summary>One endpoint of Kestrel, as its own options for HTTPS and ours want it.</summary>
internal sealed class KestrelEndpoint
{
    private KestrelEndpoint(IServerChoice servers, TimeSpan handshakeTimeout, Action<ConnectionContext, ReadOnlySequence<byte>>? helloCallback)
    {
        Servers = servers;
        HandshakeTimeout = handshakeTimeout;
        HelloCallback = helloCallback;
    }

    public IServerChoice Servers { get; }

    /// <summary>How long a client may take.</summary>
    public TimeSpan HandshakeTimeout { get; }

    /// <summary>Gets the bytes of each hello.</summary>
    public Action<ConnectionContext, ReadOnlySequence<byte>>? HelloCallback { get; }

    /// <exception cref="NotSupportedException">A member of <paramref name="https"/> cannot be honoured.</exception>
    public static KestrelEndpoint From(KippuProfile profile, HttpsConnectionAdapterOptions https, HttpProtocols protocols)
    {
        HttpsOptions.Check(https);
        CheckEarlyData(profile);
        return new KestrelEndpoint(ChoiceFor(profile, https, protocols), https.HandshakeTimeout, https.TlsClientHelloBytesCallback);
    }

    /// <exception cref="NotSupportedException">The callback cannot be called.</exception>
    public static KestrelEndpoint From(KippuProfile profile, TlsHandshakeCallbackOptions callback, HttpProtocols protocols)
    {
        CheckEarlyData(profile);
        var servers = new CallbackServers(callback, ssl =>
        {
            var options = HttpsOptions.Translate(ssl, callback.HandshakeTimeout, profile, protocols);
            profile.Options.Server?.Invoke(options);
            return new TlsServer(options);
        });
        return new KestrelEndpoint(servers, callback.HandshakeTimeout, helloCallback: null);
    }

    private static void CheckEarlyData(KippuProfile profile)
    {
        if (profile.Options.EarlyData.MaxSize > 0 && !profile.Runtime.GuardsEarlyData)
        {
            throw ConfiguredValue.Refused(
                $"{KippuSection.Path(profile.Name, nameof(KippuOptions.EarlyData))}: early data can be replayed, and nothing keeps it from endpoints that cannot bear that; "
                + "call app.UseEarlyDataGuard() after routing, and AllowEarlyData() on the endpoints that can");
        }
    }

    private static IServerChoice ChoiceFor(KippuProfile profile, HttpsConnectionAdapterOptions https, HttpProtocols protocols)
    {
        TlsServer Make(IEnumerable<TlsCredential> credentials)
        {
            var options = HttpsOptions.Translate(https, profile, protocols);
            foreach (var credential in credentials)
            {
                options.Credentials.Add(credential);
            }

            profile.Options.Server?.Invoke(options);
            return new TlsServer(options);
        }

        if (profile.Certificates is { } watch)
        {
            return new WatchedServer(watch, Make);
        }

        // As Kestrel has it: a selector goes before a certificate.
        return https.ServerCertificateSelector is { } selector
            ? new SelectedServers(selector, certificate => Make([HttpsOptions.Credential(certificate, chain: null)]))
            : new OneServer(Make([HttpsOptions.Credential(https.ServerCertificate!, https.ServerCertificateChain)]));
    }
}
