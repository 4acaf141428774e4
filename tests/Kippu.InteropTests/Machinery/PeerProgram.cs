namespace Kippu.InteropTests.Machinery;

/// <summary>Finds the programs of others. A missing one is a failure, never a reason to skip: a run that left a peer out proves nothing about it.</summary>
internal static class PeerProgram
{
    /// <summary>nginx and haproxy live in sbin, and not every user's PATH has it.</summary>
    public static string SearchPath { get; } =
        string.Join(':', (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/local/sbin").Append("/usr/sbin").Append("/sbin").Distinct());

    /// <summary>The programs that the tests cannot do without.</summary>
    public static IReadOnlyList<string> All { get; } = ["openssl", "gnutls-cli", "gnutls-serv", "curl", "go", "nginx", "haproxy", "tshark", "chromium"];

    public static string? TryFind(string name) =>
        SearchPath.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <exception cref="InvalidOperationException">The program is not installed.</exception>
    public static string Find(string name) =>
        TryFind(name) ?? throw new InvalidOperationException($"the peer '{name}' is not installed; eng/test --install-peers installs all of them");
}
