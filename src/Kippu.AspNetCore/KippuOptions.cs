using Kippu.Fleet;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Kippu.AspNetCore;

/// <summary>What Kippu does on an endpoint of Kestrel. Read from the configuration section <c>Kippu</c>, then changed by code; the member's name is the key's.</summary>
/// <remarks>Read once, when the endpoint starts, except <see cref="Mode"/> in the configuration and the files of <see cref="Certificates"/>. Not thread-safe.</remarks>
public sealed class KippuOptions
{
    /// <summary>Which connections Kippu serves. In the configuration it can be changed while the application runs; new connections follow. Default: <see cref="KippuMode.On"/>.</summary>
    public KippuMode Mode { get; set; }

    /// <summary>
    /// The file with the ring of the fleet, the same on every node, or a directory with one <c>*.ring</c> in it. It is watched: a newer ring is taken, and one that cannot be taken leaves
    /// the old one in force. Null (the default): <see cref="TicketOptions.Ring"/>, and without that a ring of this process alone, whose tickets no other node and no later process
    /// opens. Relative to the application's content root.
    /// </summary>
    public string? RingFile { get; set; }

    /// <summary>How <see cref="RingFile"/> is read: the operator's keys if it is sealed, how often it is looked at. Paths are relative to the application's content root.</summary>
    public FileRingOptions RingFileOptions { get; set; } = new();

    /// <summary>Whether this process rotates <see cref="RingFile"/> when it is due. All processes that may write the file can; they need not know of each other. Default: false.</summary>
    public bool RotateRing { get; set; }

    /// <summary>When the ring is rotated, if <see cref="RotateRing"/> is set: the same for all who rotate one ring. Default: <see cref="RotationSchedule.Default"/>.</summary>
    public RotationSchedule Rotation { get; set; } = RotationSchedule.Default;

    /// <summary>
    /// The name of the application's sessions: two services on one ring never resume each other's if their names differ. Null (the default): the application's name
    /// (<see cref="Microsoft.Extensions.Hosting.IHostEnvironment.ApplicationName"/>), which is the same on every node.
    /// </summary>
    public string? ScopeName { get; set; }

    /// <summary>Part of the sessions' scope: raise it to end the resumption of all earlier sessions.</summary>
    public int PolicyVersion { get; set; }

    /// <summary>Tickets: their lifetimes and numbers, and the ring as an object.</summary>
    public TicketOptions Tickets { get; set; } = new();

    /// <summary>0-RTT: off by default.</summary>
    public EarlyDataOptions EarlyData { get; set; } = new();

    /// <summary>
    /// Certificates, chosen by their names. Watched: a pair that was replaced is taken over by new connections, and sessions go on; a pair that does not fit together keeps the
    /// old one in force. Empty (the default): Kestrel's own certificate configuration.
    /// </summary>
    public IList<CertificateFile> Certificates { get; } = [];

    /// <summary>
    /// How many hellos are answered at once; more wait, those whose ticket opened before the others. Answering is computation: a client that then takes its time holds no place. Default:
    /// four for each processor.
    /// </summary>
    public int MaxConcurrentHandshakes { get; set; } = 4 * Environment.ProcessorCount;

    /// <summary>
    /// A name for what <see cref="HttpsConnectionAdapterOptions.ClientCertificateValidation"/> decides by, to be changed whenever that changes. Null (the default): sessions with a
    /// client certificate that this callback has judged are not resumed.
    /// </summary>
    public string? ClientCertificateValidationId { get; set; }

    /// <summary>How Kestrel's HTTPS is configured on this endpoint: called as the callback of <c>UseHttps</c> would be. What Kippu cannot honour is refused by its name.</summary>
    public Action<HttpsConnectionAdapterOptions>? Https { get; set; }

    /// <summary>The last word on the options of each server that is made: suites, groups, the cache of session IDs, the key log. Called again after a change of certificates.</summary>
    public Action<TlsServerOptions>? Server { get; set; }
}
