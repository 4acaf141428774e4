var builder = WebApplication.CreateBuilder(args);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(listen => listen.UseKippu()));
var app = builder.Build();
app.MapGet("/", () => "Hello World!");
app.Run();
