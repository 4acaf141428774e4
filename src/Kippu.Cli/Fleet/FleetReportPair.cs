using System.Security.Authentication;

namespace Kippu.Cli.Fleet;

/// <summary>Attempts by tickets of one node at another, in one version of TLS.</summary>
internal sealed record FleetReportPair(string Issuer, string Acceptor, string Version, int Attempts, int Resumed, int Full, IReadOnlyDictionary<string, int> Refused, int Failed)
{
    public static FleetReportPair Of(PairKey key, PairCount count) =>
        new($"{key.Issuer}", $"{key.Acceptor}", key.Version == SslProtocols.Tls13 ? "1.3" : "1.2", count.Attempts, count.Resumed, count.Full, count.Refused, count.Failed);
}
