namespace Kippu.Fleet;

/// <summary>The operator keys that are accepted, read anew from their files for each use: a file that was replaced counts at once, and no key stays in memory.</summary>
internal sealed class OperatorKeySet : IDisposable
{
    private readonly List<OperatorKey> _keys = [];
    private readonly List<RingUnavailableException> _unreadable = [];

    public OperatorKeySet(IReadOnlyList<string> files)
    {
        foreach (var file in files)
        {
            try
            {
                _keys.Add(OperatorKey.Load(file));
            }
            catch (RingUnavailableException e)
            {
                // Another may do. If none does, this is said.
                _unreadable.Add(e);
            }
        }
    }

    /// <summary>The key with this id.</summary>
    /// <exception cref="RingUnavailableException">There is none.</exception>
    public OperatorKey Find(string id) => _keys.Find(key => key.Id == id) ?? throw new RingUnavailableException(
        RingProblem.UnknownOperatorKey,
        _unreadable.Count > 0 ? _unreadable[0].Message
        : _keys.Count == 0 ? "it is sealed, and no operator key was given"
        : $"it is sealed by another operator key than the {(_keys.Count == 1 ? "one" : $"{_keys.Count}")} given ({string.Join(", ", _keys.Select(key => key.Id))})",
        _unreadable.FirstOrDefault());

    public void Dispose() => _keys.ForEach(key => key.Dispose());
}
