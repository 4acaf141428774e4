using Kippu.Certificates;

namespace Kippu;

/// <summary>Whom a client connects to: the name that the certificate must hold, and what tells its sessions from others.</summary>
/// <param name="Host">DNS name or IP address. The server's certificate is verified against it, and a DNS name is sent as server_name (an address is not, RFC 6066 §3).</param>
/// <param name="Port">Port of the service: sessions are kept by host and port. Nothing is connected to it. Default: 443.</param>
public sealed record TlsTarget(string Host, int Port = 443)
{
    /// <summary>DNS name or IP address, as it was given.</summary>
    /// <exception cref="ArgumentException">It is neither: a URL, a name with its port, a name with a character that no host has.</exception>
    public string Host { get; init => field = Checked(value, nameof(Host)); } = Checked(Host, nameof(Host));

    /// <summary>Sent as server_name instead of <see cref="Host"/>; empty sends none. The certificate is still verified against <see cref="Host"/>. Null (the default): the host.</summary>
    /// <exception cref="ArgumentException">It is no host name.</exception>
    public string? ServerName { get; init => field = string.IsNullOrEmpty(value) ? value : Checked(value, nameof(ServerName)); }

    /// <summary>Sessions of one partition are never offered in another (a browser's top-level site, a tenant). Default: empty.</summary>
    public string Partition { get; init; } = "";

    private static string Checked(string name, string parameter)
    {
        ArgumentNullException.ThrowIfNull(name, parameter);
        HostNames.Normalize(name, parameter);
        return name;
    }
}
