using System.Net;
using Kippu.AspNetCore.Certificates;
using Kippu.Tests;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace Kippu.AspNetCore.Tests;

/// <summary>Certificates in files that are replaced while the server runs.</summary>
public sealed class CertificateFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kippu-tests-");
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly TestIdentity _first = TestPki.Issue(new TestProfile { Subject = "CN=first" });
    private readonly TestIdentity _second = TestPki.Issue(new TestProfile { Subject = "CN=second" });

    [Theory]
    [InlineData("On")]
    [InlineData("Off")]
    public async Task A_pair_that_is_replaced_a_file_at_a_time_is_taken_once_it_fits(string mode)
    {
        var (certificate, key) = _first.WritePem(_folder.FullName, "server");
        await using var host = await StartAsync(certificate, key, mode);
        Assert.Equal("CN=first", await ShownAsync(host));

        await File.WriteAllTextAsync(certificate, _second.CertificatePem, Visitor.Token);
        _time.Advance(CertificateWatch.Interval);
        Assert.Equal("CN=first", await ShownAsync(host));
        Assert.Contains(host.Log.Warnings, warning => warning.Contains("Kippu:Certificates: the files have changed and cannot be used, so the old certificates stay in force", StringComparison.Ordinal));
        Assert.Equal(HealthStatus.Degraded, await HealthAsync(host));

        await File.WriteAllTextAsync(key, _second.KeyPem, Visitor.Token);
        _time.Advance(CertificateWatch.Interval);
        Assert.Equal("CN=second", await ShownAsync(host));
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(host));
    }

    [Fact]
    public async Task A_session_outlives_the_certificate_that_it_began_with()
    {
        var (certificate, key) = _first.WritePem(_folder.FullName, "server");
        await using var host = await StartAsync(certificate, key, "On");
        var visitor = new Visitor();
        Assert.Equal("None", (await visitor.VisitAsync(host.Port)).Resumption);

        _second.WritePem(_folder.FullName, "server");
        _time.Advance(CertificateWatch.Interval);

        Assert.Equal("CN=second", await ShownAsync(host));
        Assert.Equal("Psk", (await visitor.VisitAsync(host.Port)).Resumption);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<KestrelHost> StartAsync(string certificate, string key, string mode) => KestrelHost.StartAsync(
        listen => listen.UseKippu(),
        new() { ["Kippu:Certificates:0:Path"] = certificate, ["Kippu:Certificates:0:KeyPath"] = key, ["Kippu:Mode"] = mode },
        builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(_time);
            builder.Services.AddHealthChecks().AddKippu();
        });

    private static async Task<HealthStatus> HealthAsync(KestrelHost host) => (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Visitor.Token)).Status;

    /// <summary>The subject of the certificate that a new connection is shown, with its chain.</summary>
    private static async Task<string?> ShownAsync(KestrelHost host)
    {
        string? subject = null;
        var page = await Visitor.BrowseAsync(host.Port, HttpVersion.Version11, shown: certificate => subject = certificate.Subject);
        Assert.NotEqual("unknown", page.Engine);
        return subject;
    }
}
