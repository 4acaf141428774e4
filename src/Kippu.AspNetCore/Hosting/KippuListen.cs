using Kippu.AspNetCore;
using Kippu.AspNetCore.Configuration;
using Kippu.AspNetCore.Connections;
using Kippu.AspNetCore.Hosting;
using Kippu.AspNetCore.Servers;
using Microsoft.AspNetCore.Server.Kestrel;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Hosting;

/// <summary>Kippu on endpoints of Kestrel, in the place of <c>UseHttps</c>.</summary>
public static class KippuListen
{
    /// <summary>HTTPS by Kippu on this endpoint, with the options of the configuration section <c>Kippu</c> and Kestrel's own certificate configuration.</summary>
    /// <remarks>It calls <c>UseHttps</c>: the endpoint is one of HTTPS to Kestrel, and what <see cref="KippuOptions.Mode"/> leaves out is served by its <c>SslStream</c>.</remarks>
    /// <param name="listen">The endpoint.</param>
    /// <exception cref="OptionsValidationException">An option is wrong; the message says where it stands.</exception>
    /// <exception cref="NotSupportedException">Kestrel's HTTPS is configured to do what Kippu cannot; the message names the member. Thrown when the server starts.</exception>
    public static ListenOptions UseKippu(this ListenOptions listen) => UseKippu(listen, Options.DefaultName);

    /// <summary>HTTPS by Kippu, with the options of this name: the section <c>Kippu:name</c>, and <c>Kippu</c> for what is not said there. See <see cref="UseKippu(ListenOptions)"/>.</summary>
    /// <param name="listen">The endpoint.</param>
    /// <param name="name">The name of the options.</param>
    public static ListenOptions UseKippu(this ListenOptions listen, string name)
    {
        ArgumentNullException.ThrowIfNull(listen);
        ArgumentNullException.ThrowIfNull(name);
        return Use(listen, KippuRuntime.Of(listen.ApplicationServices).Profile(name));
    }

    /// <summary>HTTPS by Kippu, with options of this endpoint's own, which begin with those of the section <c>Kippu</c>. See <see cref="UseKippu(ListenOptions)"/>.</summary>
    /// <param name="listen">The endpoint.</param>
    /// <param name="configure">Changes the options.</param>
    public static ListenOptions UseKippu(this ListenOptions listen, Action<KippuOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(listen);
        ArgumentNullException.ThrowIfNull(configure);
        return Use(listen, KippuRuntime.Of(listen.ApplicationServices).Profile(configure));
    }

    /// <summary>
    /// HTTPS by Kippu, with a callback that gives the options of each connection, as of <c>UseHttps(TlsHandshakeCallbackOptions)</c>. What its options demand and Kippu cannot do fails the
    /// handshake, by its name in the log.
    /// </summary>
    /// <remarks>
    /// <see cref="TlsHandshakeCallbackContext.SslStream"/> is null: there is none. Give the same <see cref="System.Net.Security.SslServerAuthenticationOptions"/> for the same policy: what is
    /// made from them is kept as long as they live.
    /// </remarks>
    /// <param name="listen">The endpoint.</param>
    /// <param name="callback">Kestrel's options with the callback.</param>
    /// <exception cref="OptionsValidationException">An option of the section <c>Kippu</c> is wrong; the message says where it stands.</exception>
    public static ListenOptions UseKippu(this ListenOptions listen, TlsHandshakeCallbackOptions callback)
    {
        ArgumentNullException.ThrowIfNull(listen);
        ArgumentNullException.ThrowIfNull(callback);
        var profile = KippuRuntime.Of(listen.ApplicationServices).Profile(Options.DefaultName);
        listen.Use(next => new KippuConnectionMiddleware(next, KestrelEndpoint.From(profile, callback, listen.Protocols), profile).OnConnectionAsync);
        return listen.UseHttps(callback);
    }

    /// <summary>
    /// HTTPS by Kippu on an endpoint of the configuration section <c>Kestrel:Endpoints</c>, with the options of the endpoint's name. For a callback of
    /// <see cref="KestrelConfigurationLoader.Endpoint(string, Action{EndpointConfiguration})"/>; without one, <see cref="KippuHost.UseKippu(IWebHostBuilder)"/> does it for all.
    /// </summary>
    /// <param name="endpoint">The endpoint; one that is not HTTPS is left as it is.</param>
    /// <exception cref="OptionsValidationException">An option is wrong; the message says where it stands.</exception>
    public static EndpointConfiguration UseKippu(this EndpointConfiguration endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (endpoint.IsHttps)
        {
            if (endpoint.ConfigSection.GetSection("Sni").GetChildren().Any())
            {
                throw new NotSupportedException(
                    $"{endpoint.ConfigSection.Path}:Sni: policies for single names are not read; give the certificates in {KippuSection.Path(endpoint.ConfigSection.Key)}:Certificates, they are chosen by their names");
            }

            var profile = KippuRuntime.Of(endpoint.ListenOptions.ApplicationServices).Profile(endpoint.ConfigSection.Key);
            Register(endpoint.ListenOptions, profile, () => endpoint.HttpsOptions);

            // Kestrel itself adds UseHttps to this endpoint, after the callback.
            EndpointHttps.Prepare(endpoint.HttpsOptions, profile);
        }

        return endpoint;
    }

    private static ListenOptions Use(ListenOptions listen, KippuProfile profile)
    {
        HttpsConnectionAdapterOptions? https = null;
        Register(listen, profile, () => https!);
        return listen.UseHttps(options =>
        {
            EndpointHttps.Prepare(options, profile);
            https = options;
        });
    }

    private static void Register(ListenOptions listen, KippuProfile profile, Func<HttpsConnectionAdapterOptions> https) => listen.Use(next =>
    {
        // Runs when the endpoint is bound: by then Kestrel has completed its options for HTTPS, default certificate and all.
        var endpoint = KestrelEndpoint.From(profile, https(), listen.Protocols);
        return new KippuConnectionMiddleware(next, endpoint, profile).OnConnectionAsync;
    });
}
