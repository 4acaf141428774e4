using Kippu.Alerts;
using Kippu.Certificates;

namespace Kippu.Handshake;

/// <summary>Which host answers to a server name: the exact name, then a wildcard for one label, then the default.</summary>
internal sealed class HostTable(HostPolicy defaultHost, NameTable<HostPolicy> hosts, bool rejectUnknown)
{
    public HostPolicy Default => defaultHost;

    public HostPolicy Find(string? serverName)
    {
        if (serverName is null)
        {
            return defaultHost;
        }

        if (hosts.Find(serverName) is [var host, ..])
        {
            return host;
        }

        // RFC 6066 §3: "If the server understood the ClientHello extension but does not recognize the server name, the server SHOULD take one of two actions:
        // either abort the handshake by sending a fatal-level unrecognized_name(112) alert or continue the handshake."
        defaultHost.Credentials.Find(serverName, out var isKnown);
        return rejectUnknown && !isKnown
            ? throw new TlsFaultException(TlsFault.UnrecognizedName, $"server_name: '{serverName}' is not served here")
            : defaultHost;
    }
}
