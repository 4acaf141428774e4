namespace Kippu.Cli.Demo;

/// <summary>What a node of the demo is at a time.</summary>
/// <param name="Server">Its engine.</param>
/// <param name="TakesEarlyData">0-RTT is on.</param>
internal sealed record DemoEngine(TlsServer Server, bool TakesEarlyData);
