using System.Globalization;

namespace Kippu.BogoShim;

/// <summary>The flags that hold for one kind of connection: the first, a later one, or what follows refused early data.</summary>
internal sealed class FlagSet
{
    private readonly Dictionary<string, List<string>> _values = [];

    /// <summary>The default credential, and then each one that <c>-new-x509-credential</c> began.</summary>
    public List<CredentialFlags> Credentials { get; } = [new()];

    public bool Has(string name) => _values.ContainsKey(name);

    public string? Value(string name) => _values.TryGetValue(name, out var values) ? values[^1] : null;

    public IReadOnlyList<string> Values(string name) => _values.TryGetValue(name, out var values) ? values : [];

    public int? Int(string name) => Value(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    public IEnumerable<ushort> Numbers(string name) => Values(name).Select(text => ushort.Parse(text, CultureInfo.InvariantCulture));

    public byte[]? Bytes(string name) => Value(name) is { } text ? Convert.FromBase64String(text) : null;

    public void Add(string name, string value)
    {
        if (name == "new-x509-credential")
        {
            Credentials.Add(new CredentialFlags());
        }
        else if (!Credentials[^1].Take(name, value))
        {
            if (!_values.TryGetValue(name, out var values))
            {
                _values[name] = values = [];
            }

            values.Add(value);
        }
    }
}
