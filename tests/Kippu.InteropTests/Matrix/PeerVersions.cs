using System.Text.RegularExpressions;
using Kippu.InteropTests.Machinery;

namespace Kippu.InteropTests.Matrix;

/// <summary>The peers' versions, as exact as the document needs them: major and minor.</summary>
internal static partial class PeerVersions
{
    private static readonly (string Name, string Program, string[] Arguments)[] s_peers =
    [
        ("OpenSSL", "openssl", ["version"]),
        ("GnuTLS", "gnutls-cli", ["--version"]),
        ("curl", "curl", ["--version"]),
        ("Go", "go", ["env", "GOVERSION"]),
        ("nginx", "nginx", ["-v"]),
        ("haproxy", "haproxy", ["-v"]),
        ("tshark", "tshark", ["--version"]),
    ];

    /// <summary>One line: <c>OpenSSL 3.0, GnuTLS 3.7, ...</c></summary>
    public static async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        List<string> versions = [];
        foreach (var (name, program, arguments) in s_peers)
        {
            var lines = await PeerProcess.RunAsync(program, arguments, cancellationToken);
            versions.Add($"{name} {MajorAndMinor().Match(string.Join('\n', lines)).Value}");
        }

        return string.Join(", ", versions.Append($".NET {Environment.Version.ToString(2)}"));
    }

    [GeneratedRegex(@"\d+\.\d+")]
    private static partial Regex MajorAndMinor();
}
