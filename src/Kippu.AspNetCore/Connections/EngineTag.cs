using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Kippu.AspNetCore.Connections;

/// <summary>Says on the connection's own metrics (<c>kestrel.connection.duration</c>) which TLS engine served it.</summary>
internal static class EngineTag
{
    public const string Name = "kippu.engine";
    public const string Kippu = "kippu";
    public const string SslStream = "sslstream";

    public static void Set(ConnectionContext context, string engine) => Add(context, Name, engine);

    public static void Add(ConnectionContext context, string name, string value) =>
        context.Features.Get<IConnectionMetricsTagsFeature>()?.Tags.Add(new KeyValuePair<string, object?>(name, value));
}
