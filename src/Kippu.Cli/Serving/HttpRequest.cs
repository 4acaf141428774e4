using System.Text;

namespace Kippu.Cli.Serving;

/// <summary>The head of a request of HTTP/1.0 or 1.1, as far as a test server cares.</summary>
internal sealed record HttpRequest(string Method, string Path, bool WantsJson, bool KeepAlive)
{
    /// <summary>Null if it is no HTTP.</summary>
    public static HttpRequest? Parse(ReadOnlySpan<byte> head)
    {
        var lines = Encoding.ASCII.GetString(head).Split('\n', StringSplitOptions.TrimEntries);
        var words = lines[0].Split(' ');
        if (words.Length != 3 || !words[2].StartsWith("HTTP/1.", StringComparison.Ordinal))
        {
            return null;
        }

        var connection = Header(lines, "connection");
        var keepAlive = words[2] == "HTTP/1.1"
            ? !connection.Contains("close", StringComparison.OrdinalIgnoreCase)
            : connection.Contains("keep-alive", StringComparison.OrdinalIgnoreCase);
        var path = words[1].Split('?')[0];
        var wantsJson = path == "/json" || Header(lines, "accept").Contains("application/json", StringComparison.OrdinalIgnoreCase);
        return new HttpRequest(words[0], path, wantsJson, keepAlive);
    }

    private static string Header(string[] lines, string name)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase));
        return line is null ? "" : line[(name.Length + 1)..].Trim();
    }
}
