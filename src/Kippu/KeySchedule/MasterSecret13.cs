using Kippu.Crypto;
using Kippu.Wire;

namespace Kippu.KeySchedule;

/// <summary>The last stage of RFC 8446 §7.1: what comes of a connection.</summary>
internal sealed class MasterSecret13 : KeyScheduleSecret
{
    private readonly CipherSuite _suite;

    internal MasterSecret13(CipherSuite suite, SecretBytes secret)
        : base(suite.Hash, secret) => _suite = suite;

    /// <summary>client_application_traffic_secret_0.</summary>
    /// <param name="serverFinishedHash">Over ClientHello...server Finished.</param>
    public ApplicationTrafficSecret DeriveClientTraffic(ReadOnlySpan<byte> serverFinishedHash) =>
        new(_suite, DeriveSecret("c ap traffic"u8, serverFinishedHash));

    /// <summary>server_application_traffic_secret_0.</summary>
    /// <param name="serverFinishedHash">Over ClientHello...server Finished.</param>
    public ApplicationTrafficSecret DeriveServerTraffic(ReadOnlySpan<byte> serverFinishedHash) =>
        new(_suite, DeriveSecret("s ap traffic"u8, serverFinishedHash));

    /// <summary>exporter_master_secret.</summary>
    /// <param name="serverFinishedHash">Over ClientHello...server Finished.</param>
    public ExporterSecret DeriveExporter(ReadOnlySpan<byte> serverFinishedHash) => new(Hash, DeriveSecret("exp master"u8, serverFinishedHash));

    /// <summary>
    /// resumption_master_secret, the last that is derived. This stage is disposed: "Once all the values which are to be derived from a given secret have been
    /// computed, that secret SHOULD be erased."
    /// </summary>
    /// <param name="clientFinishedHash">Over ClientHello...client Finished.</param>
    public ResumptionSecret ToResumptionSecret(ReadOnlySpan<byte> clientFinishedHash)
    {
        var next = new ResumptionSecret(Hash, DeriveSecret("res master"u8, clientFinishedHash));
        Dispose();
        return next;
    }
}
