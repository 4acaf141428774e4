// One node of a fleet, for tests that start several as processes of their own. Everything is configured from the command line, as --Kippu:RingFile=...; it says its address, and
// stops when its standard input ends.
using System.Net;
using Kippu.AspNetCore;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;


var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseKippu()));
var app = builder.Build();
app.MapGet("/", (HttpContext context) =>
{
    var kippu = context.Features.Get<IKippuConnectionFeature>();
    return $"engine={(kippu is null ? "SslStream" : "Kippu")} resumed={kippu?.Info.Resumption} refusal={kippu?.Info.TicketRefusal} protocol={context.Request.Protocol}\n";
});
await app.StartAsync();
foreach (var address in app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses)
{
    Console.WriteLine($"listening at {address}");
}

await Console.In.ReadToEndAsync();
await app.StopAsync();
