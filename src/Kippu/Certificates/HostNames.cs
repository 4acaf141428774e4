using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kippu.Certificates;

/// <summary>The names of servers as they are compared: what stands in certificates, what an application configures, what a user asks for.</summary>
internal static class HostNames
{
    private const string Wildcard = "*.";
    private const int MostCharacters = 253;
    private const int MostInLabel = 63;

    /// <summary>DNS names and then IP addresses of the certificate's subject alternative names (RFC 5280 §4.2.1.6); never its common name (RFC 6125 §6.4.4).</summary>
    /// <exception cref="CryptographicException">The extension is malformed.</exception>
    public static IReadOnlyList<string> Of(X509Certificate2 certificate)
    {
        var names = new List<string>();
        foreach (var extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            names.AddRange(extension.EnumerateDnsNames());
            names.AddRange(extension.EnumerateIPAddresses().Select(address => address.ToString()));
        }

        return names;
    }

    /// <summary>
    /// Whether a certificate that was verified once and kept as DER is for <paramref name="host"/>, by its subject alternative names only (RFC 6125 §6.4.4).
    /// What cannot be read is for nobody; never throws.
    /// </summary>
    public static bool IsFor(byte[] der, string host)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            return certificate.MatchesHostname(Normalize(host), allowWildcards: true, allowCommonName: false);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>A host as it stands in certificates: an international name in its ASCII form, without a trailing dot, an IPv6 address without brackets.</summary>
    /// <exception cref="ArgumentException">It is no host name; the message says why.</exception>
    public static string Normalize(string host, string parameter = "host")
    {
        if (IPAddress.TryParse(host, out var address) && (host[0] != '[' || host[^1] == ']'))
        {
            return address.ToString();
        }

        return WhyNoName(host) is not { } why
            ? ToAscii(host)
            : throw new ArgumentException($"'{Printable(host)}' is not a host name: {why}.", parameter);
    }

    /// <summary>A name under which a server is found, as it is compared: a host (<see cref="Normalize"/>), or <c>*.</c> and a host for any one label before it.</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static string NormalizePattern(string name) => TryNormalizePattern(name, out var pattern)
        ? pattern
        : throw new ArgumentException($"'{Printable(name)}' is neither a host name nor *. and a host name.", nameof(name));

    /// <summary>As <see cref="NormalizePattern"/>; false if it is neither.</summary>
    public static bool TryNormalizePattern(string name, out string pattern)
    {
        pattern = "";
        try
        {
            var host = Normalize(IsWildcard(name) ? ParentOf(name) : name);
            pattern = IsWildcard(name) ? Wildcard + host : host;
            return !host.Contains('*', StringComparison.Ordinal);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public static bool IsWildcard(string pattern) => pattern.StartsWith(Wildcard, StringComparison.Ordinal);

    /// <summary>What stands behind the wildcard.</summary>
    public static string ParentOf(string wildcard) => wildcard[Wildcard.Length..];

    /// <summary>Text from a peer's certificate, made safe for a log: no control characters, no endless length.</summary>
    public static string Printable(string text)
    {
        var shown = text.Length > 120 ? string.Concat(text.AsSpan(0, 120), "…") : text;
        return shown.Any(char.IsControl) ? string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c)) : shown;
    }

    private static string ToAscii(string host)
    {
        var name = host.EndsWith('.') ? host[..^1] : host;
        return System.Text.Ascii.IsValid(name) ? name : new IdnMapping().GetAscii(name);
    }

    /// <summary>Null if it is one: labels of 1 to 63 letters, digits and hyphens (RFC 1123 §2.1), and underscores, which no host should have and some do; at most 253 in all.</summary>
    private static string? WhyNoName(string host)
    {
        if (host.Length == 0)
        {
            return "it is empty";
        }

        if (host.Contains("://", StringComparison.Ordinal) || host.Contains('/', StringComparison.Ordinal))
        {
            return "a URL is more than that, give the host in it";
        }

        if (host.Contains(':', StringComparison.Ordinal))
        {
            return "a colon stands in none, and a port is given apart from it";
        }

        try
        {
            var name = ToAscii(host);
            return name.Length > MostCharacters || name.Split('.').Any(label => label.Length is 0 or > MostInLabel) ? "its labels must have 1 to 63 characters, and all of it at most 253"
                : name.FirstOrDefault(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')) is var odd and not '\0' ? $"'{Printable(odd.ToString())}' stands in none"
                : null;
        }
        catch (ArgumentException e)
        {
            return e.Message.Split(" (Parameter")[0].TrimEnd('.');
        }
    }
}
