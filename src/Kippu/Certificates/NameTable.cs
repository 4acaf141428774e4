namespace Kippu.Certificates;

/// <summary>
/// What a server keeps for its names: exact ones, and wildcards for one label. Everything that can be known before a handshake is worked out when it is
/// made. Immutable.
/// </summary>
internal sealed class NameTable<T>
{
    private readonly Dictionary<string, T[]> _exact = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, T[]> _byParent = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, T[]>.AlternateLookup<ReadOnlySpan<char>> _parents;

    /// <param name="entries">
    /// Names as they were configured (<see cref="HostNames.NormalizePattern"/>) and what is kept for each, in order of preference; a name may come more than once.
    /// What is no name, as may stand in a certificate, is left out: nobody can ask for it.
    /// </param>
    public NameTable(IEnumerable<(string Name, T Value)> entries)
    {
        _parents = _byParent.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var (name, value) in entries)
        {
            if (HostNames.TryNormalizePattern(name, out var pattern))
            {
                var isWildcard = HostNames.IsWildcard(pattern);
                Add(isWildcard ? _byParent : _exact, isWildcard ? HostNames.ParentOf(pattern) : pattern, value);
            }
        }

        // An exact name comes first, and its wildcard after it: that one may have what the exact one lacks.
        foreach (var (name, values) in _exact.ToList())
        {
            _exact[name] = [.. values, .. Wildcards(name).Except(values)];
        }
    }

    /// <summary>What is kept for exactly this name, then what is for a wildcard in place of its first label; empty if there is neither.</summary>
    /// <param name="serverName">As it stands in a hello; upper and lower case are the same (RFC 6066 §3).</param>
    public ReadOnlySpan<T> Find(string serverName) => _exact.TryGetValue(serverName, out var found) ? found : Wildcards(serverName);

    /// <summary>RFC 6125 §6.4.3: the wildcard stands for the whole left-most label, and for one label only.</summary>
    private T[] Wildcards(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && _parents.TryGetValue(name.AsSpan(dot + 1), out var found) ? found : [];
    }

    private static void Add(Dictionary<string, T[]> index, string name, T value)
    {
        var values = index.GetValueOrDefault(name, []);
        index[name] = values.Contains(value) ? values : [.. values, value];
    }
}
