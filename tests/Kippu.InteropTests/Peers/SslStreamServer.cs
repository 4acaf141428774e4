using System.Net.Security;
using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Matrix;

namespace Kippu.InteropTests.Peers;

/// <summary>.NET's own SslStream as server. Its ticket keys belong to the certificate context: two of those know nothing of each other.</summary>
internal sealed class SslStreamServer : ServerPeer
{
    public override string Name => "SslStream";

    public override bool CanChooseGroup => false;

    public override string WhyNoGroup => $"All that `SslServerAuthenticationOptions` has: {Properties("")}";

    public override async Task<Absence?> LacksAsync(Pattern pattern, CancellationToken cancellationToken) => pattern == Pattern.Renewed
        ? new Absence("has ticket keys that cannot be set, and renews nothing", $"All that `SslServerAuthenticationOptions` has: {Properties("Resume", "Ticket", "Session")}")
        : await base.LacksAsync(pattern, cancellationToken);

    private static string Properties(params string[] parts) => string.Join(' ', typeof(SslServerAuthenticationOptions).GetProperties()
        .Where(property => parts.Any(part => property.Name.Contains(part, StringComparison.Ordinal))).Select(property => $"`{property.Name}`"));

    public override Task<RunningServer> StartAsync(ServerTask task, TempFolder folder, CancellationToken cancellationToken) => Task.FromResult<RunningServer>(new RunningSslStream(task));
}
