using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kippu.Cli.Tests.Commands;

public sealed class UsageTests
{
    [Theory]
    [InlineData]
    [InlineData("nonsense")]
    [InlineData("connect")]
    [InlineData("connect", "a:b:c")]
    [InlineData("connect", "localhost:99999")]
    [InlineData("connect", "localhost", "--reconnect", "-1")]
    [InlineData("connect", "localhost", "--timeout", "soon")]
    [InlineData("connect", "localhost", "--get", "no path")]
    [InlineData("connect", "localhost", "--groups", "P-192")]
    [InlineData("connect", "localhost", "--ca", "/does/not/exist")]
    [InlineData("connect", "localhost", "--session-in", "/does/not/exist")]
    [InlineData("connect", "localhost", "--insecure", "--ca", "roots.pem")]
    [InlineData("connect", "localhost", "--reconnect", "x")]
    [InlineData("connect", "localhost", "--timeout", "0s")]
    [InlineData("connect", "localhost", "--sni", "foo bar")]
    [InlineData("connect", "localhost", "--sni", "localhost:443")]
    [InlineData("connect", "localhost", "--sni", "https://localhost/")]
    [InlineData("connect", "localhost", "--get", "/x", "--no-request")]
    [InlineData("connect", "localhost", "--get", "/x", "--stdin")]
    [InlineData("connect", "localhost", "--stdin", "--no-request")]
    [InlineData("connect", "localhost", "--early-data", "request", "--get", "/x")]
    [InlineData("connect", "localhost", "--at", "127.0.0.1:1,nonsense:")]
    [InlineData("serve", "--scope", "")]
    [InlineData("serve", "--client-ca", "roots.pem")]
    [InlineData("serve", "--cert", "cert.pem", "--names", "a.example")]
    [InlineData("serve", "--cert", "cert.pem", "--save-ca", "ca.pem")]
    [InlineData("serve", "--no-tickets", "--ring", "ring.json")]
    [InlineData("serve", "--no-tickets", "--renew", "always")]
    [InlineData("serve", "--save-ca", "/does/not/exist/ca.pem")]
    [InlineData("serve", "--save-ca", "/")]
    [InlineData("serve", "--port", "70000")]
    [InlineData("serve", "--port", "abc")]
    [InlineData("serve", "--listen", "somewhere")]
    [InlineData("serve", "--renew", "sometimes")]
    [InlineData("serve", "--ciphers", "RC4-MD5")]
    [InlineData("serve", "--cert", "/does/not/exist")]
    [InlineData("serve", "--key", "key.pem")]
    [InlineData("connect", "localhost", "--key", "key.pem")]
    [InlineData("serve", "--ticket-lifetime", "30d")]
    [InlineData("serve", "--tls", "1.1")]
    [InlineData("serve", "--early-data", "-1")]
    [InlineData("serve", "--early-data-window", "soon")]
    [InlineData("serve", "--early-data", "1000", "--tls", "1.2")]
    [InlineData("serve", "--early-data", "1000", "--no-tickets")]
    [InlineData("serve", "--replay-scope", "per-node")]
    [InlineData("serve", "--early-data-window", "2", "--ring", "ring.json")]
    [InlineData("connect", "localhost", "--tls", "1.1")]
    [InlineData("connect", "localhost", "--early-data", "/does/not/exist")]
    [InlineData("connect", "localhost", "--early-data", "/dev/null")]
    [InlineData("connect", "localhost", "--early-data", "request", "--stdin")]
    [InlineData("connect", "localhost", "--early-data", "request", "--tls", "1.2")]
    [InlineData("connect", "localhost", "--early-data", "request", "--alpn", "h2,http/1.1")]
    [InlineData("demo", "--ports", "1")]
    [InlineData("demo", "--ports", "8443,8443")]
    [InlineData("fleet", "--nodes", "1")]
    [InlineData("fleet", "--for", "soon")]
    [InlineData("fleet", "--kill", "B")]
    [InlineData("fleet", "--kill", "B@5+1@2")]
    [InlineData("fleet", "--kill", "D@5")]
    [InlineData("fleet", "--cut", "A@30")]
    [InlineData("keys", "new")]
    [InlineData("keys", "list")]
    [InlineData("keys", "list", "/does/not/exist")]
    [InlineData("keys", "rotate")]
    [InlineData("keys", "rotate", "/does/not/exist")]
    [InlineData("keys", "rotate", "/does/not/exist", "--dry-run")]
    [InlineData("keys", "revoke", "/does/not/exist")]
    [InlineData("keys", "revoke", "/does/not/exist", "--all")]
    [InlineData("keys", "revoke", "/does/not/exist", "0123456789abcdef", "--all")]
    [InlineData("keys", "revoke", "/does/not/exist", "no-id")]
    [InlineData("keys", "show", "/does/not/exist", "--fingerprint")]
    [InlineData("keys", "watch", "/does/not/exist")]
    [InlineData("keys", "list", "/does/not/exist", "--operator-key", "/does/not/exist")]
    [InlineData("serve", "--operator-key", "operator.key")]
    public async Task What_cannot_be_done_as_told_exits_2_and_says_what_to_do(params string[] arguments)
    {
        var run = await Run.Kippu(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("kippu: ", run.Error, StringComparison.Ordinal);
        Assert.True(run.Error.Split('\n').Length >= 3, run.Error);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("say what to do: kippu demo|fleet|serve|connect|keys")]
    [InlineData("'nonsense' is no command of kippu: demo, fleet, serve, connect, keys are", "nonsense")]
    [InlineData("--port: 'abc' is no number from 0 to 65535", "serve", "--port", "abc")]
    [InlineData("--ticket-lifetime: 99d is too long", "serve", "--ticket-lifetime", "99d")]
    [InlineData("--timeout: 0s is too short", "connect", "localhost", "--timeout", "0s")]
    [InlineData("--scope: the name is empty", "serve", "--scope", "")]
    [InlineData("--sni: 'localhost:443' is not a host name: a colon stands in none, and a port is given apart from it", "connect", "localhost", "--sni", "localhost:443")]
    [InlineData("--ca / is a directory", "connect", "localhost", "--ca", "/")]
    [InlineData("--key /does/not/exist: there is no directory /does/not", "serve", "--cert", "CERT", "--key", "/does/not/exist")]
    [InlineData("--key CERT: ", "serve", "--cert", "CERT", "--key", "CERT")]
    [InlineData("cannot write: /does/not/ca.pem: there is no directory /does/not", "serve", "--save-ca", "/does/not/ca.pem")]
    public async Task It_names_what_is_wrong_in_the_words_of_the_command_line(string problem, params string[] arguments)
    {
        using var directory = new TemporaryDirectory();
        var (_, certificate) = TestCertificate.Create(directory, "localhost");

        var run = await Run.Kippu([.. arguments.Select(argument => argument.Replace("CERT", certificate, StringComparison.Ordinal))]);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("kippu: " + problem.Replace("CERT", certificate, StringComparison.Ordinal), run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_the_platform_lacks_is_named()
    {
        var run = await Run.Kippu("connect", "127.0.0.1:1", "--groups", "x25519mlkem768");

        Assert.Equal(MLKem.IsSupported ? 3 : 2, run.ExitCode);
        Assert.Equal(!MLKem.IsSupported, run.Error.StartsWith("kippu: --groups: X25519MLKEM768 is not available on this machine", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pfx_with_a_password_is_told_apart()
    {
        using var directory = new TemporaryDirectory();
        var (options, certificateFile) = TestCertificate.Create(directory, "localhost");
        using var certificate = X509Certificate2.CreateFromPemFile(certificateFile, options[3]);
        await File.WriteAllBytesAsync(directory.File("a.pfx"), certificate.Export(X509ContentType.Pfx, "secret"), TestContext.Current.CancellationToken);

        var run = await Run.Kippu("serve", "--cert", directory.File("a.pfx"));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("A .pfx must have an empty password here", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("demo", "--help")]
    [InlineData("fleet", "--help")]
    [InlineData("serve", "--help")]
    [InlineData("connect", "--help")]
    [InlineData("keys", "new", "--help")]
    [InlineData("keys", "list", "--help")]
    [InlineData("keys", "rotate", "--help")]
    [InlineData("keys", "revoke", "--help")]
    [InlineData("keys", "show", "--help")]
    [InlineData("keys", "watch", "--help")]
    public async Task Help_exits_0(params string[] arguments)
    {
        var run = await Run.Kippu(arguments);

        Assert.Equal(0, run.ExitCode);
        Assert.NotEmpty(run.Output);
        Assert.Empty(run.Error);
    }

    [Theory]
    [InlineData("127.0.0.1", "Connection refused")]
    [InlineData("no-such-host.invalid", "")]
    public async Task Where_nobody_answers_nothing_is_measured(string host, string problem)
    {
        var run = await Run.Kippu("connect", host + ":1", "--timeout", "5s");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains(problem, run.Error, StringComparison.Ordinal);
    }
}
