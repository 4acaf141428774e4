// One node of `kippu fleet`. It is configured as any application with Kippu is, on its command line (--Kippu:RingFile=...); it says its port, answers every request with what it
// knows of the connection, and stops when its standard input ends: whoever started it may have been killed, and then so does this.
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Kippu.AspNetCore;
using Kippu.Cli.Node;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

// An interrupt from the keyboard goes to every process of the terminal, and only the command is meant.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
using var version = new RingVersion();

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
builder.Services.AddSingleton<IHostLifetime, InputLifetime>();
builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseKippu()));

var app = builder.Build();
var name = app.Configuration["node"] ?? "?";
app.Run(context =>
{
    var info = context.Features.Get<IKippuConnectionFeature>()?.Info;
    var answer = string.Create(
        CultureInfo.InvariantCulture, $"node={name} engine={(info is null ? "SslStream" : "Kippu")} resumption={info?.Resumption} refusal={info?.TicketRefusal} ring={version.Current}");
    context.Response.ContentType = "text/plain";
    context.Response.ContentLength = answer.Length;
    return context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(answer), context.RequestAborted).AsTask();
});

await app.StartAsync();
var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
Console.WriteLine($"listening on {new Uri(address).Port}");
await app.WaitForShutdownAsync();
