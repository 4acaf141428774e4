using Kippu.KeySchedule;

namespace Kippu.Handshake;

/// <summary>The secrets of a TLS 1.3 connection for the NSS key log, if somebody wants them.</summary>
internal static class KeyLog13
{
    public static void Early(Action<string>? log, ReadOnlySpan<byte> clientRandom, TrafficSecret client) =>
        log?.Invoke(KeyLogLine.Secret("CLIENT_EARLY_TRAFFIC_SECRET", clientRandom, client.Secret));

    public static void Handshake(Action<string>? log, ReadOnlySpan<byte> clientRandom, TrafficSecret client, TrafficSecret server)
    {
        log?.Invoke(KeyLogLine.Secret("CLIENT_HANDSHAKE_TRAFFIC_SECRET", clientRandom, client.Secret));
        log?.Invoke(KeyLogLine.Secret("SERVER_HANDSHAKE_TRAFFIC_SECRET", clientRandom, server.Secret));
    }

    public static void Application(Action<string>? log, ReadOnlySpan<byte> clientRandom, TrafficSecret client, TrafficSecret server, ExporterSecret exporter)
    {
        log?.Invoke(KeyLogLine.Secret("CLIENT_TRAFFIC_SECRET_0", clientRandom, client.Secret));
        log?.Invoke(KeyLogLine.Secret("SERVER_TRAFFIC_SECRET_0", clientRandom, server.Secret));
        log?.Invoke(KeyLogLine.Secret("EXPORTER_SECRET", clientRandom, exporter.Secret));
    }
}
