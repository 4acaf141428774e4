namespace Kippu.Certificates;

/// <summary>
/// A server's credentials, indexed by the host names that they are for: everything that can be known before a handshake is worked out here. Immutable.
/// </summary>
internal sealed class CredentialSet
{
    private readonly Dictionary<string, TlsCredential[]> _exact = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, TlsCredential[]> _byParent = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, TlsCredential[]>.AlternateLookup<ReadOnlySpan<char>> _parents;
    private readonly TlsCredential[] _default;

    /// <param name="credentials">In order of preference; the first is the default.</param>
    public CredentialSet(IReadOnlyList<TlsCredential> credentials)
    {
        _parents = _byParent.GetAlternateLookup<ReadOnlySpan<char>>();
        _default = [.. DefaultOf(credentials)];
        foreach (var (name, owner) in credentials.SelectMany(credential => credential.ServerNames.Select(name => (name, credential))))
        {
            if (IsWildcard(name))
            {
                Add(_byParent, name[2..], owner);
            }
            else
            {
                Add(_exact, name, owner);
            }
        }

        // An exact name comes first, and its wildcard after it: that one may have the kind of key which the exact one lacks.
        foreach (var (name, owners) in _exact.ToList())
        {
            _exact[name] = [.. owners, .. Wildcards(name).Except(owners)];
        }
    }

    /// <summary>
    /// The credentials to choose from for a server_name, in order of preference: those for exactly this name, then those for a wildcard in place of its first
    /// label, else the default. Without a name: the default.
    /// </summary>
    /// <param name="serverName">As it stands in the hello; upper and lower case are the same (RFC 6066 §3).</param>
    /// <param name="isKnown">Whether some credential is for this name.</param>
    public ReadOnlySpan<TlsCredential> Find(string? serverName, out bool isKnown)
    {
        isKnown = false;
        if (serverName is null)
        {
            return _default;
        }

        if (!_exact.TryGetValue(serverName, out var found))
        {
            found = Wildcards(serverName);
        }

        isKnown = found.Length > 0;
        return isKnown ? found : _default;
    }

    /// <summary>
    /// The first credential, and the others for the same host: an RSA one beside the ECDSA one, say. A credential for another host is never the default. One
    /// without any name has been given for just that.
    /// </summary>
    private static IEnumerable<TlsCredential> DefaultOf(IReadOnlyList<TlsCredential> credentials) => credentials.Where((credential, index) =>
        index == 0 || credential.ServerNames.Count == 0 || credential.ServerNames.Intersect(credentials[0].ServerNames, StringComparer.OrdinalIgnoreCase).Any());

    /// <summary>RFC 6125 §6.4.3: the wildcard stands for the whole left-most label, and for one label only.</summary>
    private TlsCredential[] Wildcards(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && _parents.TryGetValue(name.AsSpan(dot + 1), out var found) ? found : [];
    }

    private static bool IsWildcard(string name) => name.StartsWith("*.", StringComparison.Ordinal);

    private static void Add(Dictionary<string, TlsCredential[]> index, string name, TlsCredential credential)
    {
        var owners = index.GetValueOrDefault(name, []);
        index[name] = owners.Contains(credential) ? owners : [.. owners, credential];
    }
}
