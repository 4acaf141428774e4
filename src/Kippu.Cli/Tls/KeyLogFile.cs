using Kippu.Cli.Output;

namespace Kippu.Cli.Tls;

/// <summary>The NSS key log (SSLKEYLOGFILE), by which Wireshark decrypts the traffic: lines are added at the end of a file that only its owner can read.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class KeyLogFile : IDisposable
{
    private const string Variable = "SSLKEYLOGFILE";

    private readonly Lock _lock = new();
    private readonly StreamWriter _writer;

    private KeyLogFile(string path) => _writer = PrivateFile.Append(path);

    /// <summary>The file that was asked for, by option or by the variable that browsers and curl obey; null if none was.</summary>
    public static KeyLogFile? Open(string? path)
    {
        path ??= Environment.GetEnvironmentVariable(Variable);
        return string.IsNullOrEmpty(path) ? null : new KeyLogFile(path);
    }

    public void Add(string line)
    {
        lock (_lock)
        {
            _writer.WriteLine(line);
        }
    }

    public void Dispose() => _writer.Dispose();
}
