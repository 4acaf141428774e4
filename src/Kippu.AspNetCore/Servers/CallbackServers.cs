using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Kippu.AspNetCore.Servers;

/// <summary>
/// Kestrel's <see cref="TlsHandshakeCallbackOptions"/>: the callback gives options for each connection. Options that it gives again get the same server again.
/// </summary>
internal sealed class CallbackServers : IServerChoice
{
    private readonly TlsHandshakeCallbackOptions _callback;
    private readonly Func<SslServerAuthenticationOptions, TlsServer> _make;
    private readonly ConditionalWeakTable<SslServerAuthenticationOptions, TlsServer> _servers = [];

    /// <exception cref="NotSupportedException">This version of ASP.NET Core gives the callback a context that cannot be filled from outside.</exception>
    public CallbackServers(TlsHandshakeCallbackOptions callback, Func<SslServerAuthenticationOptions, TlsServer> make)
    {
        _callback = callback;
        _make = make;
        try
        {
            NewContext(null!, hello: null, CancellationToken.None);
        }
        catch (MissingMethodException missing)
        {
            throw new NotSupportedException($"{nameof(TlsHandshakeCallbackOptions)}: its context cannot be made in this version of ASP.NET Core; use {nameof(HttpsConnectionAdapterOptions)}", missing);
        }
    }

    public bool NeedsHello => true;

    public async ValueTask<TlsServer?> ChooseAsync(ConnectionContext connection, ClientHelloInfo? hello, CancellationToken cancellationToken)
    {
        var context = NewContext(connection, hello, cancellationToken);
        var options = await _callback.OnConnection(context).ConfigureAwait(false);
        if (context.AllowDelayedClientCertificateNegotation)
        {
            throw HttpsOptions.DelayedCertificate($"{nameof(TlsHandshakeCallbackContext)}.{nameof(context.AllowDelayedClientCertificateNegotation)}");
        }

        return options is null ? null : _servers.GetValue(options, options => _make(options));
    }

    private TlsHandshakeCallbackContext NewContext(ConnectionContext connection, ClientHelloInfo? hello, CancellationToken cancellationToken)
    {
        var context = new TlsHandshakeCallbackContext();
        SetConnection(context, connection);
        SetState(context, _callback.OnConnectionState);
        SetCancellationToken(context, cancellationToken);
        SetClientHelloInfo(context, new SslClientHelloInfo(hello?.ServerName ?? "", hello?.SupportedVersions ?? SslProtocols.None));
        return context;
    }

    // The setters are internal, and there is no other way to call a callback of this type. The constructor tries them, so a release without them is refused at start.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_Connection")]
    private static extern void SetConnection(TlsHandshakeCallbackContext context, ConnectionContext value);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_State")]
    private static extern void SetState(TlsHandshakeCallbackContext context, object? value);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_CancellationToken")]
    private static extern void SetCancellationToken(TlsHandshakeCallbackContext context, CancellationToken value);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_ClientHelloInfo")]
    private static extern void SetClientHelloInfo(TlsHandshakeCallbackContext context, SslClientHelloInfo value);
}
