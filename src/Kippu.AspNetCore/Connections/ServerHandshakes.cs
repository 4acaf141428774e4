using Kippu.AspNetCore.Diagnostics;
using Kippu.AspNetCore.Hosting;
using Kippu.AspNetCore.Servers;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Kippu.AspNetCore.Connections;

/// <summary>The handshakes of one endpoint: which server, in which order, and what is told of them.</summary>
internal sealed class ServerHandshakes(KestrelEndpoint endpoint, KippuProfile profile)
{
    private readonly KippuRuntime _runtime = profile.Runtime;
    private readonly ILogger _log = profile.Runtime.Log(KippuLog.Handshake);

    /// <returns>False if there is no connection: the handshake has failed, the client was told, and it is logged and counted.</returns>
    public async ValueTask<bool> TryRunAsync(ConnectionContext context, TlsDuplexPipe tls, HelloArrivalResult arrival)
    {
        var began = _runtime.Time.GetTimestamp();
        _runtime.KestrelMetrics.Started(context);
        try
        {
            if (arrival == HelloArrivalResult.Stalled)
            {
                throw new TimeoutException("the hello did not come to its end");
            }

            await RunAsync(context, tls).ConfigureAwait(false);
            Succeeded(context, tls.Info, _runtime.Time.GetElapsedTime(began));
            return true;
        }
        catch (Exception reason)
        {
            Failed(context, reason, _runtime.Time.GetElapsedTime(began));
            return false;
        }
    }

    private async ValueTask RunAsync(ConnectionContext context, TlsDuplexPipe tls)
    {
        using var limit = new CancellationTokenSource(endpoint.HandshakeTimeout, _runtime.Time);
        var gate = profile.Gate;
        var isBusy = gate.IsBusy;
        var needsHello = endpoint.Servers.NeedsHello || endpoint.HelloCallback is not null;
        var hello = needsHello || isBusy ? await ReadHelloAsync(context, limit.Token).ConfigureAwait(false) : null;
        var server = await endpoint.Servers.ChooseAsync(context, hello, limit.Token).ConfigureAwait(false)
            ?? throw new InvalidOperationException("no certificate is configured for this client");

        await EnterAsync(isBusy, hello is not null && isBusy && server.CanOpenTicket(hello), limit.Token).ConfigureAwait(false);
        Task handshake;
        try
        {
            // The hello is there: this call answers it, and returns when the client's turn has come. So the place is held for the computation alone.
            handshake = tls.AuthenticateAsServerAsync(server, context.ConnectionClosed);
        }
        finally
        {
            gate.Exit();
        }

        await handshake.ConfigureAwait(false);
    }

    private ValueTask<ClientHelloInfo?> ReadHelloAsync(ConnectionContext context, CancellationToken cancellationToken) =>
        HelloPeek.ReadAsync(context.Transport.Input, endpoint.HelloCallback is { } callback ? bytes => callback(context, bytes) : null, cancellationToken);

    private async ValueTask EnterAsync(bool isBusy, bool isShort, CancellationToken cancellationToken)
    {
        var began = _runtime.Time.GetTimestamp();
        await profile.Gate.EnterAsync(isShort, cancellationToken).ConfigureAwait(false);
        if (isBusy)
        {
            // Behind the looks at other hellos: whose ticket opens is known before the first of them is answered.
            await Task.Yield();
            _runtime.Metrics.Waited(_runtime.Time.GetElapsedTime(began), isShort);
        }
    }

    private void Succeeded(ConnectionContext context, TlsConnectionInfo info, TimeSpan duration)
    {
        var version = KippuMetrics.VersionOf(info.Protocol);
        EngineTag.Add(context, "tls.protocol.version", version);
        _runtime.KestrelMetrics.Ended(context, duration, version, error: null);
        _runtime.Metrics.Succeeded(info, duration);
        if (_log.IsEnabled(LogLevel.Debug))
        {
            KippuLog.HandshakeCompleted(_log, context.ConnectionId, info.Protocol.ToString(), KippuMetrics.KindOf(info.Resumption), info.TicketRefusal);
        }
    }

    private void Failed(ConnectionContext context, Exception reason, TimeSpan duration)
    {
        EngineTag.Add(context, "error.type", "tls_handshake_failed");
        _runtime.KestrelMetrics.Ended(context, duration, version: null, reason.GetType().FullName);
        var fault = reason switch
        {
            TlsException tls => tls.Fault,
            TimeoutException or OperationCanceledException => TlsFault.HandshakeTimeout,
            IOException or ConnectionAbortedException => TlsFault.Truncated,
            _ => TlsFault.InternalError,
        };
        _runtime.Metrics.Failed(KippuMetrics.Snake(fault.ToString()), duration);
        if (fault == TlsFault.InternalError)
        {
            KippuLog.HandshakeBroke(_log, context.ConnectionId, reason);
        }
        else
        {
            KippuLog.HandshakeFailed(_log, context.ConnectionId, fault.ToString(), reason);
        }
    }
}
