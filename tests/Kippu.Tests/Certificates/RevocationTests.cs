using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kippu.Certificates;
using Xunit;

namespace Kippu.Tests.Certificates;

/// <summary>An authority of its own, whose list of revoked certificates (RFC 5280 §5) is served from this process over the loopback.</summary>
public sealed class RevocationTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly DateTime _start = DateTime.UtcNow;
    private readonly TestIdentity _authority;
    private readonly TestIdentity _server;
    private readonly List<string> _requests = [];
    private byte[] _list = [];

    public RevocationTests()
    {
        _listener.Start();
        _authority = TestPki.Issue(new TestProfile
        {
            Subject = $"CN=Revoking {_listener.LocalEndpoint}", Names = [], ExtendedKeyUsages = [], IsAuthority = true, SelfSigned = true, KeyUsage = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign,
        });
        _server = TestPki.Issue(new TestProfile
        {
            Issuer = _authority, Extensions = [CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([$"http://{_listener.LocalEndpoint}/list.crl"])],
        });
        _ = ServeAsync();
    }

    [Fact]
    public void A_certificate_that_is_not_on_the_list_is_accepted_and_the_list_was_really_fetched()
    {
        Publish();

        var verdict = Verify(X509RevocationMode.Online);

        Assert.True(verdict.Accepted, verdict.Detail);
        Assert.NotEmpty(_requests);
    }

    [Fact]
    public void A_revoked_certificate_is_refused()
    {
        Publish(_server.Certificate);

        var verdict = Verify(X509RevocationMode.Online);

        Assert.Equal(TlsFault.CertificateRevoked, verdict.Fault);
        Assert.Contains("was revoked", verdict.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("besides", verdict.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_acceptance_is_not_reused_where_revocation_is_checked()
    {
        Publish();
        var verifier = Verifier(X509RevocationMode.Online, X509VerificationFlags.NoFlag);
        Assert.True(verifier.Verify(_server.Chain, "localhost", true, TestPki.Now).Accepted);

        // The list that was fetched holds for a day. After that it is fetched anew, and the verdict is another.
        Publish(_server.Certificate);
        Assert.Equal(TlsFault.CertificateRevoked, verifier.Verify(_server.Chain, "localhost", true, TestPki.Now.AddDays(2)).Fault);
    }

    [Fact]
    public void A_state_that_cannot_be_learnt_is_refused_and_told_apart()
    {
        foreach (var mode in new[] { X509RevocationMode.Online, X509RevocationMode.Offline })
        {
            var verdict = Verify(mode);

            Assert.Equal(TlsFault.CertificateRevoked, verdict.Fault);
            Assert.Contains("could not be learnt", verdict.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_state_that_cannot_be_learnt_may_be_overlooked_by_option()
    {
        var verdict = Verify(X509RevocationMode.Offline, X509VerificationFlags.IgnoreEndRevocationUnknown);

        Assert.True(verdict.Accepted, verdict.Detail);
    }

    [Fact]
    public void Without_revocation_checking_nothing_is_fetched()
    {
        Publish(_server.Certificate);

        Assert.True(Verify(X509RevocationMode.NoCheck).Accepted);
        Assert.Empty(_requests);
    }

    [Fact]
    public void A_missing_intermediate_is_fetched_only_if_that_is_allowed()
    {
        var intermediate = TestPki.Issue(new TestProfile
        {
            Subject = $"CN=Fetched {_listener.LocalEndpoint}", Names = [], ExtendedKeyUsages = [], IsAuthority = true, Issuer = TestPki.Root, KeyUsage = X509KeyUsageFlags.KeyCertSign,
        });
        var server = TestPki.Issue(new TestProfile
        {
            Issuer = intermediate, Extensions = [new X509AuthorityInformationAccessExtension(null, [$"http://{_listener.LocalEndpoint}/intermediate.cer"])],
        });
        _list = intermediate.Certificate.RawData;
        var options = TestPki.Verification;

        Assert.Equal(TlsFault.UnknownAuthority, new CertificateVerifier(options).Verify([server.Certificate.RawData], "localhost", true, TestPki.Now).Fault);
        Assert.Empty(_requests);

        options.AllowDownloads = true;
        Assert.True(new CertificateVerifier(options).Verify([server.Certificate.RawData], "localhost", true, TestPki.Now).Accepted);
        Assert.NotEmpty(_requests);

        // The platform keeps what it fetched among the user's intermediates.
        using var store = new X509Store(StoreName.CertificateAuthority, StoreLocation.CurrentUser, OpenFlags.ReadWrite);
        store.Remove(X509CertificateLoader.LoadCertificate(intermediate.Certificate.RawData));
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();

        // The platform keeps what it fetched in the user's profile.
        var cache = new DirectoryInfo(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dotnet", "corefx", "cryptography", "crls"));
        foreach (var file in cache.Exists ? cache.EnumerateFiles().Where(file => file.LastWriteTimeUtc >= _start) : [])
        {
            file.Delete();
        }
    }

    private void Publish(params X509Certificate2[] revoked)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (var certificate in revoked)
        {
            builder.AddEntry(certificate, TestPki.Now.AddHours(-2));
        }

        _list = builder.Build(_authority.Certificate, 1, TestPki.Now.AddDays(revoked.Length == 0 ? 1 : 3), HashAlgorithmName.SHA256, thisUpdate: TestPki.Now.AddHours(-1));
    }

    private CertificateVerdict Verify(X509RevocationMode mode, X509VerificationFlags flags = X509VerificationFlags.NoFlag) =>
        Verifier(mode, flags).Verify(_server.Chain, "localhost", true, TestPki.Now);

    private CertificateVerifier Verifier(X509RevocationMode mode, X509VerificationFlags flags) =>
        new(new CertificateVerificationOptions { CustomTrustRoots = [_authority.Certificate], RevocationMode = mode, VerificationFlags = flags });

    /// <summary>Just enough HTTP: 200 with the list, or 404 while there is none.</summary>
    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                await using var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                _requests.Add(await reader.ReadLineAsync(_end.Token) ?? "");
                while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 })
                {
                }

                var status = _list.Length > 0 ? "200 OK" : "404 Not Found";
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {_list.Length}\r\nConnection: close\r\n\r\n"), _end.Token);
                await stream.WriteAsync(_list, _end.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException or IOException)
        {
            // the test is over
        }
    }
}
