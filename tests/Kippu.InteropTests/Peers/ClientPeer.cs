using Kippu.InteropTests.Matrix;

namespace Kippu.InteropTests.Peers;

/// <summary>A TLS client that somebody else wrote.</summary>
internal abstract class ClientPeer
{
    /// <summary>As the user calls it.</summary>
    public abstract string Name { get; }

    /// <summary>Connects as often as it is told, sends a GET each time, and says what it has to say about each connection.</summary>
    public abstract Task<IReadOnlyList<PeerWords>> ConnectAsync(ClientTask task, CancellationToken cancellationToken);

    /// <summary>False for those that must be allowed to resume without RFC 7627.</summary>
    public virtual bool HasExtendedMasterSecret => true;

    /// <summary>False for those that may send, after a HelloRetryRequest, a binder that is not over the second hello: such a connection must be refused.</summary>
    public virtual bool HasRightBindersAfterRetry => true;

    /// <summary>Why it cannot do a pattern; null if it can.</summary>
    public virtual Task<Absence?> LacksAsync(Pattern pattern, CancellationToken cancellationToken) => Task.FromResult<Absence?>(null);

    public override string ToString() => Name;
}
