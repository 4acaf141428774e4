using System.Globalization;
using Kippu.InteropTests.Machinery;

namespace Kippu.InteropTests.Capture;

/// <summary>What tshark, which knows nothing of Kippu, makes of a capture.</summary>
internal static class Tshark
{
    private static readonly string[] s_fields =
    [
        "tcp.stream", "tcp.srcport", "tcp.dstport", "tls.handshake.type", "tls.handshake.session_id_length", "tls.handshake.session_id", "tls.handshake.extension.type",
        "tls.handshake.extension.len", "tls.handshake.session_ticket_lifetime_hint", "tls.handshake.session_ticket_length", "tls.handshake.session_ticket",
        "tls.handshake.server_named_curve", "tls.handshake.ciphersuite", "tls.handshake.length", "tls.handshake.sig_hash_alg",
        "_ws.col.Info",
    ];

    /// <summary>The handshakes of a capture in the order of their connections.</summary>
    /// <param name="file">The capture.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="serverPorts">Ports of servers; without them, the one of <see cref="PcapFile"/>.</param>
    public static async Task<IReadOnlyList<SeenHandshake>> HandshakesAsync(string file, CancellationToken cancellationToken, params IReadOnlyCollection<int> serverPorts)
    {
        if (serverPorts.Count == 0)
        {
            serverPorts = [PcapFile.ServerPort];
        }

        List<string> arguments = ["-r", file, "-n", "-Y", "tls.handshake || tls.change_cipher_spec", "-T", "fields", "-E", "separator=|", "-E", "occurrence=a"];
        arguments.AddRange(serverPorts.SelectMany(port => (string[])["-d", $"tcp.port=={port},tls"]));
        arguments.AddRange(s_fields.SelectMany(field => (string[])["-e", field]));
        var lines = await PeerProcess.RunAsync("tshark", arguments, cancellationToken);
        return [.. lines.Select(line => line.Split('|')).Where(row => row.Length == s_fields.Length)
            .GroupBy(row => int.Parse(row[0], CultureInfo.InvariantCulture))
            .OrderBy(stream => stream.Key)
            .Select(stream => Collect(stream, serverPorts))];
    }

    /// <summary>tshark's full dissection of the frames that pass the filter, as text.</summary>
    public static Task<IReadOnlyList<string>> DissectAsync(string file, string filter, CancellationToken cancellationToken) =>
        PeerProcess.RunAsync("tshark", ["-r", file, "-n", "-d", $"tcp.port=={PcapFile.ServerPort},tls", "-Y", filter, "-O", "tls"], cancellationToken);

    /// <summary>One line for each frame, decrypted with a key log.</summary>
    public static Task<IReadOnlyList<string>> SummaryAsync(string file, string keyLog, CancellationToken cancellationToken) => PeerProcess.RunAsync(
        "tshark", ["-r", file, "-n", "-d", $"tcp.port=={PcapFile.ServerPort},tls", "-d", $"tls.port=={PcapFile.ServerPort},http", "-o", $"tls.keylog_file:{keyLog}"], cancellationToken);

    /// <summary>Frames that hold a handshake message of this type, decrypted with a key log: for each the extensions of all messages in it.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<int>>> ExtensionsAsync(string file, string keyLog, HandshakeType13 type, int connection, CancellationToken cancellationToken)
    {
        // The number of a field stands first, so that a frame without extensions has a line too.
        var lines = await PeerProcess.RunAsync(
            "tshark",
            [
                "-r", file, "-n", "-d", $"tcp.port=={PcapFile.ServerPort},tls", "-o", $"tls.keylog_file:{keyLog}", "-Y", $"tcp.stream == {connection} and tls.handshake.type == {(int)type}",
                "-T", "fields", "-E", "occurrence=a", "-E", "separator=|", "-e", "frame.number", "-e", "tls.handshake.extension.type",
            ],
            cancellationToken);
        return [.. lines.Select(line => line.Split('|')).Where(row => row.Length == 2)
            .Select(row => row[1].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(number => int.Parse(number, CultureInfo.InvariantCulture)).Order().ToList())];
    }

    private static SeenHandshake Collect(IEnumerable<string[]> rows, IReadOnlyCollection<int> serverPorts)
    {
        var seen = new SeenHandshake();
        foreach (var row in rows)
        {
            seen.Add(FrameFields.Read(row, fromClient: serverPorts.Contains(int.Parse(row[2], CultureInfo.InvariantCulture))));
        }

        return seen;
    }
}
