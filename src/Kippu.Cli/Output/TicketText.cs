using System.Security.Authentication;

namespace Kippu.Cli.Output;

/// <summary>What a ticket holds, for people.</summary>
internal static class TicketText
{
    public static IReadOnlyList<Line> Lines(TicketContents contents)
    {
        var grid = new Grid(indent: 4);
        foreach (var (name, value) in Describe(contents))
        {
            grid.Add(name, value);
        }

        return grid.ToLines();
    }

    public static IEnumerable<(string Name, string Value)> Describe(TicketContents contents)
    {
        var isTls13 = contents.Protocol == SslProtocols.Tls13;
        yield return (isTls13 ? "pre-shared key" : "master secret", $"not shown; its fingerprint is {contents.SecretFingerprint}");
        yield return ("cipher suite", contents.CipherSuite.ToString());
        if (!isTls13)
        {
            yield return ("extended master secret", contents.ExtendedMasterSecret ? "yes" : "no");
        }

        yield return ("server name", contents.ServerName ?? "none");
        yield return ("ALPN", contents.ApplicationProtocol.Protocol.IsEmpty ? "none" : contents.ApplicationProtocol.ToString());
        yield return ("client certificate", contents.ClientCertificate.IsEmpty ? "none" : Quantities.Bytes(contents.ClientCertificate.Length));
        yield return ("original handshake", Quantities.Time(contents.OriginalHandshake));
        yield return ("issued", Quantities.Time(contents.Issued));
        yield return ("lifetime", Quantities.Duration(contents.Lifetime));
        yield return ("ring key", contents.Key.ToString());
    }
}
