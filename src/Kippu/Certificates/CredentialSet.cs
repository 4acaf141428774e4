namespace Kippu.Certificates;

/// <summary>A server's credentials, by the host names that they are for. Immutable.</summary>
internal sealed class CredentialSet
{
    private readonly NameTable<TlsCredential> _byName;
    private readonly TlsCredential[] _default;

    /// <param name="credentials">In order of preference; the first is the default.</param>
    public CredentialSet(IReadOnlyList<TlsCredential> credentials)
    {
        _default = [.. DefaultOf(credentials)];
        _byName = new NameTable<TlsCredential>(credentials.SelectMany(credential => credential.ServerNames.Select(name => (name, credential))));
    }

    /// <summary>
    /// The credentials to choose from for a server_name, in order of preference: those for exactly this name, then those for a wildcard in place of its first
    /// label (that one may have the kind of key which the exact one lacks), else the default. Without a name: the default.
    /// </summary>
    /// <param name="serverName">As it stands in the hello; upper and lower case are the same (RFC 6066 §3).</param>
    /// <param name="isKnown">Whether some credential is for this name.</param>
    public ReadOnlySpan<TlsCredential> Find(string? serverName, out bool isKnown)
    {
        var found = serverName is null ? [] : _byName.Find(serverName);
        isKnown = found.Length > 0;
        return isKnown ? found : _default;
    }

    /// <summary>
    /// The first credential, and the others for the same host: an RSA one beside the ECDSA one, say. A credential for another host is never the default. One
    /// without any name has been given for just that.
    /// </summary>
    private static IEnumerable<TlsCredential> DefaultOf(IReadOnlyList<TlsCredential> credentials) => credentials.Where((credential, index) =>
        index == 0 || credential.ServerNames.Count == 0 || credential.ServerNames.Intersect(credentials[0].ServerNames, StringComparer.OrdinalIgnoreCase).Any());
}
