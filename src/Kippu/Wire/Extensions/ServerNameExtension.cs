using System.Net;
using System.Text;
using Kippu.Alerts;

namespace Kippu.Wire.Extensions;

/// <summary>
/// server_name (RFC 6066 §3). The client names the host, the server acknowledges with empty data.
/// <code>
/// enum { host_name(0), (255) } NameType;
/// opaque HostName&lt;1..2^16-1&gt;;
/// struct {
///     NameType name_type;
///     select (name_type) { case host_name: HostName; } name;
/// } ServerName;
/// struct { ServerName server_name_list&lt;1..2^16-1&gt; } ServerNameList;
/// </code>
/// </summary>
internal static class ServerNameExtension
{
    /// <summary>RFC 1035 §2.3.4: a name in the DNS is at most 255 octets. Sessions keep the name, so it must have a bound.</summary>
    public const int MaxHostNameLength = 255;

    private const byte HostName = 0;

    /// <summary>The host name exactly as it was sent, or null if only names of types that nobody has defined came.</summary>
    public static string? Read(ReadOnlyMemory<byte> data)
    {
        var reader = new TlsReader(data.Span);
        var list = new TlsReader(reader.ReadVector16("server_name_list", min: 1));
        reader.ExpectEnd("server_name");
        string? host = null;
        while (!list.IsEmpty)
        {
            if (list.ReadUInt8("name_type") != HostName)
            {
                // "all future data structures associated with new NameTypes MUST begin with a 16-bit length field", so what is unknown can be stepped over.
                list.ReadVector16("name");
                continue;
            }

            if (host is not null)
            {
                throw new TlsFaultException(TlsFault.IllegalParameter, "server_name_list: it MUST NOT contain more than one name of the same name_type");
            }

            host = ReadHostName(list.ReadVector16("HostName", min: 1));
        }

        return host;
    }

    public static void Write(TlsWriter writer, string hostName)
    {
        using (ExtensionFraming.Open(writer, ExtensionType.ServerName))
        using (writer.Vector16())
        {
            writer.WriteUInt8(HostName);
            using (writer.Vector16())
            {
                writer.WriteBytes(Encoding.ASCII.GetBytes(hostName));
            }
        }
    }

    /// <summary>The server's: "The "extension_data" field of this extension SHALL be empty."</summary>
    public static bool ReadAcknowledgement(ReadOnlyMemory<byte> data) => ExtensionFraming.ReadEmpty(data, "server_name");

    public static void WriteAcknowledgement(TlsWriter writer) => ExtensionFraming.WriteEmpty(writer, ExtensionType.ServerName);

    private static string ReadHostName(ReadOnlySpan<byte> name)
    {
        // "The hostname is represented as a byte string using ASCII encoding without a trailing dot." No host name has blanks or control characters.
        if (name.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            throw new TlsFaultException(TlsFault.MalformedMessage, "HostName: it has a blank, a control character, or a byte beyond ASCII");
        }

        if (name[^1] == '.')
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, "HostName: it ends with a dot");
        }

        if (name.Length > MaxHostNameLength)
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, $"HostName: {name.Length} bytes are more than a host name may have");
        }

        // "Literal IPv4 and IPv6 addresses are not permitted in "HostName"." A colon stands in every IPv6 address, and in no host name.
        if (name.Contains((byte)':'))
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, "HostName: it has a colon, as an IPv6 address, a name with its port, and a URL have, and no host name");
        }

        if (IsIPv4Address(name))
        {
            throw new TlsFaultException(TlsFault.IllegalParameter, "HostName: it is a literal IP address");
        }

        return Encoding.ASCII.GetString(name);
    }

    /// <summary>An IPv4 address ends with a digit, which spares most names the closer look.</summary>
    private static bool IsIPv4Address(ReadOnlySpan<byte> name) => char.IsAsciiDigit((char)name[^1]) && IPAddress.IsValidUtf8(name);
}
