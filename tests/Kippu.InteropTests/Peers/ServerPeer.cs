using Kippu.InteropTests.Machinery;
using Kippu.InteropTests.Matrix;

namespace Kippu.InteropTests.Peers;

/// <summary>A TLS server that somebody else wrote.</summary>
internal abstract class ServerPeer
{
    /// <summary>As the user calls it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether <see cref="ServerTask.Group"/> can be followed.</summary>
    public virtual bool CanChooseGroup => true;

    /// <summary>A quotation that shows why not.</summary>
    public virtual string WhyNoGroup => "";

    /// <summary>Starts it, ready for connections.</summary>
    /// <param name="task">How it is set up.</param>
    /// <param name="folder">Its files go here.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public abstract Task<RunningServer> StartAsync(ServerTask task, TempFolder folder, CancellationToken cancellationToken);

    /// <summary>Why it cannot do a pattern; null if it can.</summary>
    public virtual async Task<Absence?> LacksAsync(Pattern pattern, CancellationToken cancellationToken) =>
        pattern == Pattern.ZeroLength ? await Evidence.NeverZeroLengthAsync(this, cancellationToken) : null;

    public override string ToString() => Name;
}
