using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Peers;
using Kippu.Tests.Architecture;

namespace Kippu.InteropTests.Kestrel;

/// <summary>An application of Kestrel as a user has it: outside the repository, with the packages that eng/pack made, and started by <c>dotnet run</c>.</summary>
internal sealed class PackedApplication : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private PeerProcess? _process;

    private PackedApplication()
    {
    }

    /// <summary>Where it listens, by its own word.</summary>
    public string Address { get; private set; } = "";

    /// <summary>What it has said so far.</summary>
    public IReadOnlyList<string> Lines => _process!.Lines;

    public TempFolder Folder => _folder;

    /// <summary>The sample of the repository, copied.</summary>
    public static Task<PackedApplication> OfSampleAsync(CancellationToken cancellationToken) => StartAsync(
        application =>
        {
            foreach (var file in (string[])["Kestrel.csproj", "Program.cs", "../Directory.Build.props"])
            {
                File.Copy(Path.Combine(Repository.Root, "samples", "Kestrel", file), application.InProject(file));
            }

            return Task.CompletedTask;
        },
        cancellationToken);

    /// <summary>What <c>dotnet new web</c> makes, with other lines in its Program.cs and the package added.</summary>
    public static Task<PackedApplication> OfTemplateAsync(string program, CancellationToken cancellationToken) => StartAsync(
        async application =>
        {
            await application.DotnetAsync(cancellationToken, "new", "web", "--name", "web", "--output", ".", "--no-restore");
            await File.WriteAllTextAsync(application.InProject("Program.cs"), program, cancellationToken);
            await application.DotnetAsync(cancellationToken, "add", "package", "Kippu.AspNetCore", "--prerelease");
        },
        cancellationToken);

    public async Task SaysAsync(string part, CancellationToken cancellationToken) => await _process!.WaitForLineAsync(part, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static async Task<PackedApplication> StartAsync(Func<PackedApplication, Task> write, CancellationToken cancellationToken)
    {
        var application = new PackedApplication();
        try
        {
            await application.AddFeedAsync(cancellationToken);
            await write(application);
            await application.RunAsync(cancellationToken);
            return application;
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    /// <summary>The samples' nuget.config, and the feed where it looks: what eng/test has packed, or packed now.</summary>
    private async Task AddFeedAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder["samples/web"]);
        Directory.CreateDirectory(_folder["artifacts"]);
        File.Copy(Path.Combine(Repository.Root, "samples", "nuget.config"), _folder["samples/nuget.config"]);
        if (Environment.GetEnvironmentVariable("KIPPU_TEST_PACKAGES") is { Length: > 0 } packed)
        {
            Directory.CreateSymbolicLink(_folder["artifacts/packages"], packed);
            return;
        }

        await ToEndAsync(Start(Path.Combine(Repository.Root, "eng", "pack"), _folder["artifacts/packages"]), cancellationToken);
    }

    private string InProject(string file) => Path.GetFullPath(Path.Combine(_folder["samples/web"], file));

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        // The launch profile of the template names a fixed port.
        _process = Start(
            "dotnet", "run", "--no-launch-profile", "--disable-build-servers", "--", "--urls=http://127.0.0.1:0", $"--Kestrel:Certificates:Default:Path={PeerPki.Ecdsa.CertificatePath}",
            $"--Kestrel:Certificates:Default:KeyPath={PeerPki.Ecdsa.KeyPath}", "--Logging:LogLevel:Kippu.Handshake=Debug");
        var line = await _process.WaitForLineAsync("Now listening on: ", cancellationToken);
        Address = line[line.IndexOf("http", StringComparison.Ordinal)..];
    }

    private Task DotnetAsync(CancellationToken cancellationToken, params IEnumerable<string> arguments) => ToEndAsync(Start("dotnet", arguments), cancellationToken);

    private static async Task ToEndAsync(PeerProcess started, CancellationToken cancellationToken)
    {
        await using var process = started;
        process.CloseInput();
        if (await process.WaitForExitAsync(cancellationToken) is not 0 and var exitCode)
        {
            throw process.Failure($"ended with exit code {exitCode}");
        }
    }

    /// <summary>With a cache of packages of its own, so that none of ours comes from an earlier run; those of others may come from the machine's.</summary>
    private PeerProcess Start(string program, params IEnumerable<string> arguments) => PeerProcess.Start(
        program,
        arguments,
        new Dictionary<string, string>
        {
            ["HOME"] = _folder.Path,
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["NUGET_PACKAGES"] = _folder["cache"],
            ["NUGET_FALLBACK_PACKAGES"] = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
        },
        _folder["samples/web"]);
}
