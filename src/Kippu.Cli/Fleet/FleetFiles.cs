using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Kippu.Cli.Output;
using Kippu.Cli.Tls;
using Kippu.Fleet;

namespace Kippu.Cli.Fleet;

/// <summary>
/// What the nodes of a fleet are given, in a directory of this run that only its owner may read: a certificate, an operator key, and the ring, to which each node has a link of its
/// own. A node whose link is gone is cut off from the ring.
/// </summary>
internal sealed class FleetFiles : IDisposable
{
    private const string Ring = "fleet.ring";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kippu-fleet-");
    private readonly SelfMadeAuthority _authority;

    private FleetFiles(DateTimeOffset now)
    {
        _authority = new SelfMadeAuthority(now);
        OperatorKeyFile.Create(OperatorKey);
        using var certificate = _authority.IssueCertificate(FleetPlan.ServiceName);
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        using var key = certificate.GetECDsaPrivateKey()!;
        PrivateFile.Write(CertificateKey, overwrite: false, stream => stream.Write(System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem())));
    }

    /// <summary>What clients trust.</summary>
    public X509Certificate2 Authority => _authority.Certificate;

    public string Root => _directory.FullName;

    private string OperatorKey => In("operator.key");

    private string Certificate => In("certificate.pem");

    private string CertificateKey => In("certificate.key");

    public static async Task<FleetFiles> CreateAsync(FleetPlan plan, TimeProvider time, CancellationToken cancellationToken)
    {
        var files = new FleetFiles(time.GetUtcNow());
        try
        {
            if (!plan.PrivateRings)
            {
                await files.MakeRingAsync(files.In(Ring), time, cancellationToken).ConfigureAwait(false);
            }

            foreach (var node in plan.Names)
            {
                Directory.CreateDirectory(files.In($"{node}"));
                await files.GiveRingAsync(node, plan.PrivateRings, time, cancellationToken).ConfigureAwait(false);
            }

            return files;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>The ring as a node sees it: to be watched by the command itself.</summary>
    public FileRing Watch(FleetPlan plan, TimeProvider time)
    {
        var options = new FileRingOptions { OperatorKeyFiles = { OperatorKey }, PollInterval = FleetPlan.PollInterval };
        return new FileRing(plan.PrivateRings ? RingOf(plan.Names.First()) : In(Ring), options, timeProvider: time);
    }

    /// <summary>The configuration of a node: paths and times, no secret.</summary>
    public IEnumerable<string> ArgumentsOf(char node)
    {
        var schedule = FleetPlan.Schedule;
        return
        [
            $"--node={node}", $"--contentRoot={Root}",
            $"--Kippu:RingFile={RingOf(node)}", $"--Kippu:RingFileOptions:OperatorKeyFiles:0={OperatorKey}", $"--Kippu:RingFileOptions:PollInterval={Text(FleetPlan.PollInterval)}",
            "--Kippu:RingFileOptions:StartWithoutRing=true", "--Kippu:RotateRing=true", $"--Kippu:Rotation:Interval={Text(schedule.Interval)}", $"--Kippu:Rotation:Propagation={Text(schedule.Propagation)}",
            $"--Kippu:Rotation:ClockSkew={Text(schedule.ClockSkew)}", $"--Kippu:Rotation:MaxTicketLifetime={Text(schedule.MaxTicketLifetime)}",
            $"--Kippu:Tickets:ClockSkew={Text(schedule.ClockSkew)}", $"--Kippu:ScopeName={FleetPlan.Scope}",
            $"--Kestrel:Certificates:Default:Path={Certificate}", $"--Kestrel:Certificates:Default:KeyPath={CertificateKey}",
        ];
    }

    /// <summary>The node does not find the ring any more; what it has, it keeps.</summary>
    public void Cut(char node) => File.Move(RingOf(node), Aside(node), overwrite: true);

    public void Mend(char node) => File.Move(Aside(node), RingOf(node), overwrite: true);

    public void Dispose()
    {
        _authority.Dispose();
        try
        {
            _directory.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It lies in the directory of temporary files, and nobody else may read it.
        }
    }

    private static string Text(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);

    private string In(string name) => Path.Combine(_directory.FullName, name);

    private string RingOf(char node) => Path.Combine(_directory.FullName, $"{node}", Ring);

    private string Aside(char node) => Path.Combine(_directory.FullName, $"{node}.ring-out-of-sight");

    private async Task GiveRingAsync(char node, bool isPrivate, TimeProvider time, CancellationToken cancellationToken)
    {
        if (isPrivate)
        {
            await MakeRingAsync(RingOf(node), time, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            File.CreateSymbolicLink(RingOf(node), In(Ring));
        }
    }

    private async Task MakeRingAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        using var ring = TicketKeyRing.Create(time.GetUtcNow(), FleetPlan.Schedule);
        await new FileRingStore(path, new FileRingOptions { OperatorKeyFiles = { OperatorKey } }).CreateAsync(ring, cancellationToken: cancellationToken).ConfigureAwait(false);
    }
}
