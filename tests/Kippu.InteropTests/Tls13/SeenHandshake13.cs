using System.Globalization;
using Kippu.InteropTests.Capture;
using Kippu.InteropTests.Machinery;

namespace Kippu.InteropTests.Tls13;

/// <summary>One TLS 1.3 handshake as tshark saw it without any key: the hellos, which are all that is in clear.</summary>
internal sealed class SeenHandshake13
{
    private const ushort Version13 = 0x0304;
    private const string RetryName = "Hello Retry Request";

    private static readonly string[] s_fields =
    [
        "tcp.stream", "tcp.dstport", "tls.handshake.type", "tls.handshake.extension.type", "tls.handshake.ciphersuite", "tls.handshake.extensions.supported_version",
        "tls.handshake.extensions_key_share_group", "_ws.col.Info",
    ];

    private readonly List<string> _serverHellos = [];

    /// <summary>The server asked for a second hello.</summary>
    public bool IsRetried { get; private set; }

    /// <summary>The ServerHello says TLS 1.3.</summary>
    public bool IsTls13 { get; private set; }

    /// <summary>RFC 8446 §4.2.11: the ServerHello names the PSK that it took.</summary>
    public bool IsResumed { get; private set; }

    /// <summary>The first hello announces early data.</summary>
    public bool OffersEarlyData { get; private set; }

    /// <summary>The extensions of the last hello of the client, ascending.</summary>
    public IReadOnlyList<int> ClientExtensions { get; private set; } = [];

    public ushort? CipherSuite { get; private set; }

    /// <summary>Of the ServerHello's key share.</summary>
    public ushort? Group { get; private set; }

    /// <summary>The server's hellos in tshark's words, with their extensions.</summary>
    public string Words => _serverHellos.Count == 0 ? "no `Server Hello`" : string.Join(", ", _serverHellos);

    public static async Task<IReadOnlyList<SeenHandshake13>> ReadAsync(string file, CancellationToken cancellationToken)
    {
        List<string> arguments =
            ["-r", file, "-n", "-d", $"tcp.port=={PcapFile.ServerPort},tls", "-Y", "tls.handshake.type in {1, 2}", "-T", "fields", "-E", "separator=|", "-E", "occurrence=a"];
        arguments.AddRange(s_fields.SelectMany(field => (string[])["-e", field]));
        var lines = await PeerProcess.RunAsync("tshark", arguments, cancellationToken);
        return [.. lines.Select(line => line.Split('|')).Where(row => row.Length == s_fields.Length)
            .GroupBy(row => int.Parse(row[0], CultureInfo.InvariantCulture))
            .OrderBy(stream => stream.Key)
            .Select(Collect)];
    }

    private static SeenHandshake13 Collect(IEnumerable<string[]> rows)
    {
        var seen = new SeenHandshake13();
        foreach (var row in rows)
        {
            if (int.Parse(row[1], CultureInfo.InvariantCulture) == PcapFile.ServerPort)
            {
                seen.ClientExtensions = [.. Decimals(row[3]).Order()];
                seen.OffersEarlyData |= seen.ClientExtensions.Contains(ExtensionNumbers.EarlyData);
            }
            else
            {
                seen.AddFromServer(row);
            }
        }

        return seen;
    }

    private static List<int> Decimals(string list) => list.Length == 0 ? [] : [.. list.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];

    private static ushort? Hexadecimal(string list) => list.Length == 0 ? null : Convert.ToUInt16(list.Split(',')[0], 16);

    private void AddFromServer(string[] row)
    {
        var extensions = Decimals(row[3]);
        var isRetry = row[7].Contains(RetryName, StringComparison.Ordinal);
        _serverHellos.Add($"`{(isRetry ? RetryName : "Server Hello")}` {string.Join(' ', extensions.Order())}");
        IsRetried |= isRetry;
        if (!isRetry)
        {
            IsTls13 = Hexadecimal(row[5]) == Version13;
            IsResumed = extensions.Contains(ExtensionNumbers.PreSharedKey);
            CipherSuite = Hexadecimal(row[4]);
            Group = Decimals(row[6]) is [var group, ..] ? (ushort)group : null;
        }
    }
}
