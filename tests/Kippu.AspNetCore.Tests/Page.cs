using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Kippu.AspNetCore.Tests;

/// <summary>What the page of <see cref="KestrelHost"/> says of the connection that it was asked for on.</summary>
internal sealed record Page(string Engine, string Scheme, string Protocol, string Resumption, string Refusal, string Tls, string HostName, string Client)
{
    public static string Of(HttpContext context)
    {
        var kippu = context.Features.Get<IKippuConnectionFeature>();
        var handshake = context.Features.GetRequiredFeature<ITlsHandshakeFeature>();
        var engine = kippu is not null ? "Kippu" : context.Features.Get<ISslStreamFeature>() is not null ? "SslStream" : "unknown";
        return string.Join('|', engine, context.Request.Scheme, context.Request.Protocol, kippu?.Info.Resumption.ToString(), kippu?.Info.TicketRefusal.ToString(), handshake.Protocol, handshake.HostName,
            context.Connection.ClientCertificate?.Subject);
    }

    public static Page Read(string body)
    {
        var parts = body.Split('|');
        return new Page(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6], parts[7]);
    }
}
