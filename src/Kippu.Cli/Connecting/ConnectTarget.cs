using System.Globalization;
using System.Net;

namespace Kippu.Cli.Connecting;

/// <summary>HOST, HOST:PORT, [IPv6]:PORT or IPv6.</summary>
internal sealed record ConnectTarget(string Host, int Port)
{
    private const int DefaultPort = 443;

    /// <summary>Null if it is none of them.</summary>
    public static ConnectTarget? Parse(string text)
    {
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            return end < 0 || !IPAddress.TryParse(text[1..end], out _) ? null : WithPort(text[1..end], text[(end + 1)..]);
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || text.LastIndexOf(':') != colon)
        {
            return colon < 0 || IPAddress.TryParse(text, out _) ? WithPort(text, "") : null;
        }

        return WithPort(text[..colon], text[colon..]);
    }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    private static ConnectTarget? WithPort(string host, string suffix)
    {
        var port = DefaultPort;
        var isSound = Uri.CheckHostName(host) != UriHostNameType.Unknown
            && (suffix.Length == 0
                || (suffix[0] == ':' && int.TryParse(suffix[1..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65535));
        return isSound ? new ConnectTarget(host, port) : null;
    }
}
